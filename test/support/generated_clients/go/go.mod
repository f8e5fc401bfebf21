module stallwright.test/purchase

go 1.21
