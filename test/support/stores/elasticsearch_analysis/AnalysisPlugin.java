import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.text.ParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.IndexService.IndexCreationContext;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.AnalysisMode;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.index.mapper.Mapper;
import org.elasticsearch.index.mapper.TextFieldMapper;
import org.elasticsearch.plugins.MapperPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.synonyms.SynonymsManagementAPIService;
import org.tartarus.snowball.ext.EnglishStemmer;

/**
 * The token filters of search/index.json by their official names, for Elasticsearch's integ-test distribution, which is
 * the real server without the module that has them. Only tests load it; the official image brings the module itself.
 */
public class AnalysisPlugin extends Plugin implements org.elasticsearch.plugins.AnalysisPlugin, MapperPlugin {
    private SynonymsManagementAPIService synonymSets;

    @Override
    public Collection<?> createComponents(PluginServices services) {
        synonymSets = new SynonymsManagementAPIService(services.client(), services.clusterService(), services.featureService());
        return List.of();
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of(
            "asciifolding", (index, environment, name, settings) -> filter(name, ASCIIFoldingFilter::new),
            "stemmer", (index, environment, name, settings) -> filter(name, stemmer(settings)),
            "synonym_graph", (index, environment, name, settings) -> new SynonymFactory(name, settings)
        );
    }

    /** The index in which Elasticsearch keeps the sets of synonyms has a field of this type. */
    @Override
    public Map<String, Mapper.TypeParser> getMappers() {
        return Map.of("match_only_text", TextFieldMapper.PARSER);
    }

    private static Function<TokenStream, TokenStream> stemmer(Settings settings) {
        String language = settings.get("language", "porter");
        return switch (language) {
            case "porter" -> PorterStemFilter::new;
            case "porter2" -> input -> new SnowballFilter(input, new EnglishStemmer());
            case "possessive_english" -> EnglishPossessiveFilter::new;
            default -> throw new IllegalArgumentException("this stand-in has no stemmer [" + language + "]");
        };
    }

    private static TokenFilterFactory filter(String name, Function<TokenStream, TokenStream> wrap) {
        return new AbstractTokenFilterFactory(name) {
            @Override
            public TokenStream create(TokenStream input) {
                return wrap.apply(input);
            }
        };
    }

    /** Synonyms of a set of the Synonyms API, read when a shard starts and whenever the set changes. */
    private class SynonymFactory extends AbstractTokenFilterFactory {
        private final Set<String> sets;

        SynonymFactory(String name, Settings settings) {
            super(name);
            sets = Set.copyOf(settings.getAsList("synonyms_set"));
        }

        @Override
        public TokenStream create(TokenStream input) {
            throw new IllegalStateException("made for its chain only");
        }

        @Override
        public AnalysisMode getAnalysisMode() {
            return AnalysisMode.SEARCH_TIME;
        }

        @Override
        public TokenFilterFactory getChainAwareTokenFilterFactory(
            IndexCreationContext context,
            TokenizerFactory tokenizer,
            List<CharFilterFactory> charFilters,
            List<TokenFilterFactory> previous,
            Function<String, TokenFilterFactory> all
        ) {
            SynonymMap synonyms = parse(context, chain(tokenizer, previous));
            return new AbstractTokenFilterFactory(name()) {
                @Override
                public TokenStream create(TokenStream input) {
                    return synonyms.fst == null ? input : new SynonymGraphFilter(input, synonyms, false);
                }

                @Override
                public AnalysisMode getAnalysisMode() {
                    return AnalysisMode.SEARCH_TIME;
                }

                @Override
                public Set<String> getResourceNames() {
                    return sets;
                }
            };
        }

        /** Like the module's own: only a reload may wait for the index that the sets are kept in. */
        private SynonymMap parse(IndexCreationContext context, Analyzer analyzer) {
            try (Reader rules = context == IndexCreationContext.RELOAD_ANALYZERS
                ? Analysis.getReaderFromIndex(sets, synonymSets, true)
                : new StringReader("")) {
                SolrSynonymParser parser = new SolrSynonymParser(true, true, analyzer);
                parser.parse(rules);
                return parser.build();
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            } catch (ParseException error) {
                throw new IllegalArgumentException("cannot read the synonyms " + sets, error);
            }
        }
    }

    private static Analyzer chain(TokenizerFactory tokenizer, List<TokenFilterFactory> filters) {
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                Tokenizer source = tokenizer.create();
                TokenStream stream = source;
                for (TokenFilterFactory filter : filters) stream = filter.create(stream);
                return new TokenStreamComponents(source, stream);
            }
        };
    }
}
