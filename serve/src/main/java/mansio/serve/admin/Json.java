package mansio.serve.admin;

import com.fasterxml.jackson.annotation.JsonInclude;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;
import mansio.state.queue.QueueId;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Requests and answers as JSON: records by their components, values of one text as that text, times
 * in ISO 8601, what is absent left out.
 */
public final class Json {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_NUMBER = 100;

    private static final JsonMapper MAPPER = mapper();

    private Json() {}

    /** What came of an operation, in one line: the answer's components, or {@code refused}. */
    public static <A extends Answer> String write(Outcome<A> outcome) {
        return switch (outcome) {
            case Outcome.Done<A>(A answer) -> MAPPER.writeValueAsString(answer);
            case Outcome.Refused<A> refused ->
                    MAPPER.writeValueAsString(Map.of("refused", refused));
        };
    }

    static JsonMapper json() {
        return MAPPER;
    }

    private static JsonMapper mapper() {
        StreamReadConstraints bounds =
                StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxDocumentLength(Control.MAX_LINE_BYTES)
                        .maxStringLength(Control.MAX_LINE_BYTES)
                        .maxNumberLength(MAX_NUMBER)
                        .build();
        SimpleModule values = new SimpleModule("mansio");
        add(values, Address.class, Address::toWire, Address::tryParse);
        add(values, Domain.class, Domain::text, Domain::tryParse);
        add(values, QueueId.class, QueueId::toString, QueueId::parse);
        add(values, Secret.class, Secret::text, text -> Optional.of(new Secret(text)));
        add(values, Path.class, Path::toString, text -> Optional.of(Path.of(text)));
        return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(bounds).build())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .changeDefaultPropertyInclusion(
                        usual -> usual.withValueInclusion(JsonInclude.Include.NON_ABSENT))
                .addModule(values)
                .build();
    }

    private static <T> void add(
            SimpleModule module,
            Class<T> type,
            Function<T, String> print,
            Function<String, Optional<T>> parse) {
        module.addSerializer(
                type,
                new StdSerializer<T>(type) {
                    @Override
                    public void serialize(
                            T value, JsonGenerator out, SerializationContext context) {
                        out.writeString(print.apply(value));
                    }
                });
        module.addDeserializer(
                type,
                new StdDeserializer<T>(type) {
                    @Override
                    public T deserialize(JsonParser in, DeserializationContext context) {
                        String text = in.getValueAsString("");
                        return parse.apply(text)
                                .orElseThrow(
                                        () ->
                                                context.weirdStringException(
                                                        "", type, "not acceptable"));
                    }
                });
    }
}
