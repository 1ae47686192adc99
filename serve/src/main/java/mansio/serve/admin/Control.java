package mansio.serve.admin;

import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The control protocol: one JSON object a line, each way.
 *
 * <pre>
 * C: {"command":"domain add","request":{"domain":"example.org"}}
 * S: {"done":{"domain":"example.org"}}
 * S: {"refused":{"problem":"EXISTS","sentence":"the domain example.org is here already"}}
 * S: {"later":"the disk is full"}
 * S: {"fault":"..."}
 * </pre>
 */
final class Control {
    /** Longest line, in bytes, its end counted. */
    static final int MAX_LINE_BYTES = 4 << 20;

    /** The longest path a Unix-domain socket can have on Linux, in bytes. */
    private static final int MAX_PATH_BYTES = 107;

    private static final String SOCKET = "control.sock";

    private Control() {}

    /** The same for everybody, wherever they started. */
    static Path socket(Path folder) {
        return folder.toAbsolutePath().resolve(SOCKET);
    }

    /**
     * Refuses a folder in which no socket can be.
     *
     * @throws IOException with a sentence that tells how much too long its path is
     */
    static void checkLength(Path folder) throws IOException {
        int length = socket(folder).toString().getBytes(StandardCharsets.UTF_8).length;
        if (length <= MAX_PATH_BYTES) return;
        throw new IOException(
                ("the path of the data folder is %d bytes too long for the socket in it by which"
                                + " commands reach the server; choose a shorter one than %s")
                        .formatted(length - MAX_PATH_BYTES, folder.toAbsolutePath()));
    }

    /** What the server says. */
    sealed interface Reply {
        /** It is done. */
        record Done(JsonNode answer) implements Reply {}

        /** The answer is no. */
        record Refused(Problem problem, String sentence) implements Reply {}

        /** It cannot be done or told now. */
        record Later(String sentence) implements Reply {}

        /** Our bug. */
        record Fault(String sentence) implements Reply {}
    }

    static <A extends Answer> byte[] print(Operation<A> operation) {
        ObjectNode line = Json.json().createObjectNode();
        line.put("command", Operations.of(operation).name());
        line.set("request", Json.json().valueToTree(operation));
        return bytes(line);
    }

    /** Reads a request; what is wrong with it is a refusal. Never repeats what it read. */
    static Outcome<Operation<?>> parseRequest(byte[] line) {
        try {
            JsonNode request = Json.json().readTree(line);
            String name = request.path("command").asString("");
            Optional<Operations.Row<?>> row = Operations.named(name);
            if (row.isEmpty()) {
                return Outcome.refused(
                        Problem.UNSUPPORTED, "the running server does not know this command");
            }
            JsonNode components = request.path("request");
            if (!components.isObject()) return unacceptable();
            return Outcome.done(Json.json().treeToValue(components, row.get().request()));
        } catch (JacksonException | IllegalArgumentException e) {
            return unacceptable();
        }
    }

    private static Outcome<Operation<?>> unacceptable() {
        return Outcome.refused(Problem.INVALID, "the request is not acceptable");
    }

    static byte[] print(Reply reply) {
        ObjectNode line = Json.json().createObjectNode();
        switch (reply) {
            case Reply.Done(JsonNode answer) -> line.set("done", answer);
            case Reply.Refused refused -> line.set("refused", Json.json().valueToTree(refused));
            case Reply.Later(String sentence) -> line.put("later", sentence);
            case Reply.Fault(String sentence) -> line.put("fault", sentence);
        }
        return bytes(line);
    }

    static Reply parseReply(byte[] line) throws IOException {
        try {
            JsonNode reply = Json.json().readTree(line);
            if (reply.has("done")) return new Reply.Done(reply.get("done"));
            if (reply.has("refused")) {
                return Json.json().treeToValue(reply.get("refused"), Reply.Refused.class);
            }
            if (reply.has("later")) return new Reply.Later(reply.get("later").asString(""));
            return new Reply.Fault(reply.path("fault").asString("the server says nothing"));
        } catch (JacksonException e) {
            throw new IOException("the running server's answer cannot be read", e);
        }
    }

    private static byte[] bytes(ObjectNode line) {
        return (Json.json().writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
