package mansio.serve.admin;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.listen.Listener;
import mansio.net.listen.Listening;
import mansio.net.listen.Sockets;
import mansio.net.time.VirtualThreads;
import mansio.state.directory.AliasEditor;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.postfix.PostfixImport;
import mansio.state.postfix.PostfixImport.Table;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The control socket, with a client and with peers that speak something else. */
class ControlTest {
    @TempDir Path folder;
    private Office office;
    private Sockets sockets;
    private Listener listener;

    @BeforeEach
    void listen() throws IOException {
        office = new Office(folder);
        sockets = Sockets.start(office.time, new VirtualThreads(), new Random(1));
        listener =
                Listener.open(
                        new Listening(
                                "control",
                                ControlServer.at(folder),
                                new Listening.Tls.None(),
                                new Listening.Limits(ControlServer.MAX_CONNECTIONS, 10, "")),
                        new ControlServer(office.rooms, sockets.buffers()),
                        new Listener.Around(sockets, new VirtualThreads()));
    }

    @AfterEach
    void stop() {
        listener.stop(Duration.ZERO);
        sockets.close();
        office.close();
    }

    private ControlClient client() throws IOException {
        return ControlClient.connect(folder, sockets, office.time).orElseThrow();
    }

    private static AddRoute route(String pattern, String target, Optional<Secret> password) {
        AddRoute.Options options =
                new AddRoute.Options(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Duration.ofMinutes(90)),
                        Optional.empty(),
                        Optional.of(Duration.ofDays(2)));
        return new AddRoute(pattern, target, Optional.empty(), password, options, false);
    }

    private static <A extends Answer> List<String> lines(Outcome<A> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<A>) outcome).value().lines();
    }

    @Test
    void routes() throws IOException {
        AddRoute relay = route("*", "template:sendgrid", Optional.of(new Secret("SG.tell-nobody")));
        String line =
                "* -> smtp://smtp.sendgrid.net:587 (TLS verify, user apikey, tried again after"
                        + " 1 h 30 min, given up after 2 d)";
        try (ControlClient client = client()) {
            Outcome<AddRoute.Added> added = client.ask(relay);
            assertThat(Json.write(added)).doesNotContain("tell-nobody");
            assertThat(lines(added)).containsExactly(line);
            assertThat(client.ask(relay))
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            it -> assertThat(it.problem()).isEqualTo(Problem.EXISTS));
            assertThat(lines(client.ask(new ListRoutes(0)))).containsExactly(line);
            client.ask(new AddDomain(Domain.parse("example.org")));
            assertThat(client.ask(route("example.org", "hold", Optional.empty())))
                    .isEqualTo(
                            Outcome.refused(
                                    Problem.INVALID,
                                    "example.org is a domain of this server; its mail is delivered"
                                            + " here"));
            assertThat(client.ask(new RemoveRoute("*")))
                    .isEqualTo(Outcome.done(new RemoveRoute.Removed("*")));
            assertThat(lines(client.ask(new ListRoutes(0))))
                    .containsExactly("There are no routes.");
        }
    }

    @Test
    void routesAreTestedByAServerOnly() throws IOException {
        try (ControlClient client = client()) {
            assertThat(client.ask(new TestRoute("example.org", Optional.empty(), Optional.empty())))
                    .isEqualTo(
                            Outcome.refused(
                                    Problem.UNSUPPORTED,
                                    "a way is tested by the server; it does not run"));
            assertThat(lines(client.ask(new ListTemplates())))
                    .anyMatch(line -> line.startsWith("template:ses:REGION "))
                    .anyMatch(line -> line.startsWith("template:mailgun[:eu] "));
        }
    }

    @Test
    void tablesOfAPostfixAreTakenOver() throws IOException {
        Domain domain = Domain.parse("example.org");
        try (ControlClient client = client()) {
            client.ask(new AddDomain(domain));
            client.ask(new AddAccount(Address.parse("ann@example.org"), Optional.empty()));
            assertThat(report(client, Table.ALIASES, "root: staff", "staff: ann, \"|/bin/x\""))
                    .containsExactly(
                            "line 1: root: staff: kept",
                            "line 2: staff: ann, \"|/bin/x\": changed: |/bin/x is refused: no"
                                    + " program is started for a message",
                            "1 kept, 1 changed, 0 dropped.");
            assertThat(
                            report(
                                    client,
                                    Table.VIRTUAL,
                                    "@example.org x@far.example",
                                    "other.example anything"))
                    .containsExactly(
                            "line 1: @example.org x@far.example: kept",
                            "line 2: other.example anything: dropped: other.example is not a"
                                    + " domain of this server; add it first: mansio domain add"
                                    + " other.example",
                            "1 kept, 0 changed, 1 dropped.");
            assertThat(
                            report(
                                    client,
                                    Table.TRANSPORT,
                                    "far.example smtp:[relay.example]:587",
                                    "example.org smtp:[relay.example]",
                                    "ann@far.example smtp:[relay.example]"))
                    .containsExactly(
                            "line 1: far.example smtp:[relay.example]:587: kept",
                            "line 2: example.org smtp:[relay.example]: dropped: mail for a domain"
                                    + " of this server needs no route",
                            "line 3: ann@far.example smtp:[relay.example]: dropped: a route is for"
                                    + " a domain or a sender, not for ann@far.example",
                            "1 kept, 0 changed, 2 dropped.");
            assertThat(office.rooms.ways().routes().all()).hasSize(1);
            assertThat(
                            report(
                                    client,
                                    Table.GENERIC,
                                    "ann ann@isp.example",
                                    "/^(.*)@old\\.example$/ $1@isp.example",
                                    "/x/ y",
                                    "ANN other"))
                    .containsExactly(
                            "line 1: ann ann@isp.example: kept",
                            "line 2: /^(.*)@old\\.example$/ $1@isp.example: changed: a regular"
                                    + " expression is the rule for @old.example",
                            "line 3: /x/ y: dropped: a regular expression is taken over when it is"
                                    + " of the form /^(.*)@example\\.org$/ or"
                                    + " /^name@example\\.org$/",
                            "line 4: ANN other: dropped: there is a generic rule for ANN already;"
                                    + " remove that one first",
                            "1 kept, 1 changed, 2 dropped.");
            assertThat(office.rooms.ways().rewrites().all()).hasSize(2);
        }
    }

    private static List<String> report(ControlClient client, Table table, String... lines)
            throws IOException {
        PostfixImport.Lines all =
                new PostfixImport.Lines(
                        table, List.of(lines), 1, Optional.of(Domain.parse("example.org")));
        return switch (client.ask(new ImportTable(all, AliasEditor.Mode.APPLY))) {
            case Outcome.Done<ImportTable.Report>(ImportTable.Report report) -> report.lines();
            case Outcome.Refused<ImportTable.Report> refused -> throw new AssertionError(refused);
        };
    }

    @Test
    void commandsAreAnsweredOneAfterTheOther() throws IOException {
        Domain domain = Domain.parse("example.org");
        try (ControlClient client = client()) {
            Outcome<Integer> added =
                    client.ask(new AddDomain(domain)).map(it -> it.selectors().size());
            assertThat(added).isEqualTo(Outcome.done(2));
            assertThat(client.ask(new AddDomain(domain)))
                    .isEqualTo(
                            Outcome.refused(
                                    Problem.EXISTS, "the domain example.org is here already"));
            Address ann = Address.parse("ann@example.org");
            assertThat(client.ask(new AddAccount(ann, Optional.of(new Secret("a long one, ünd")))))
                    .isEqualTo(Outcome.done(new AddAccount.Added(ann, Optional.empty())));
            assertThat(client.ask(new ListAccounts(Optional.of(domain), 0)))
                    .isInstanceOfSatisfying(
                            Outcome.Done.class,
                            it -> assertThat(it.value().toString()).contains("ann@example.org"));
            assertThat(client.ask(new Stop()))
                    .isEqualTo(Outcome.done(new Stop.Stopping(ProcessHandle.current().pid())));
        }
        assertThat(office.stops).hasValue(1);
    }

    @Test
    void importedLinesAreReportedOneByOne() throws IOException {
        try (ControlClient client = client()) {
            client.ask(new AddDomain(Domain.parse("example.org")));
            List<String> lines =
                    List.of("ann@example.org:{PLAIN}secret", "# nothing", "bob:{MD5}x", "nonsense");
            Outcome<ImportAccounts.Report> outcome =
                    client.ask(new ImportAccounts(lines, 1, Optional.empty()));
            ImportAccounts.Report report = ((Outcome.Done<ImportAccounts.Report>) outcome).value();
            assertThat(report.kept()).isEqualTo(1);
            assertThat(report.refused()).isEqualTo(2);
            assertThat(report.lines().getFirst()).isEqualTo("line 1: ann@example.org kept");
            assertThat(report.satisfied()).isFalse();
        }
    }

    @Test
    void onlyTheOwnerMayConnect() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                .isEqualTo("rw-------");
    }

    @Test
    void noServerIsNoError() throws IOException {
        listener.stop(Duration.ZERO);
        assertThat(ControlClient.connect(folder, sockets, office.time)).isEmpty();
        Files.createFile(socket());
        assertThat(ControlClient.connect(folder, sockets, office.time)).isEmpty();
    }

    @Test
    void whatIsNoRequestIsRefusedAndTheNextIsHeard() throws IOException {
        for (String bad :
                List.of(
                        "",
                        "hello",
                        "{}",
                        "[1]",
                        "null",
                        "{\"command\":\"rm\",\"request\":{}}",
                        "{\"command\":\"status\"}",
                        "{\"command\":\"status\",\"request\":null}",
                        "{\"command\":\"status\",\"request\":{\"x\":1}}",
                        "{\"command\":\"domain add\",\"request\":{}}",
                        "{\"command\":\"domain add\",\"request\":{\"domain\":\"a b\"}}",
                        "{\"command\":\"domain add\",\"request\":{\"domain\":[]}}",
                        "{\"command\":\"domain add\",\"request\":" + "[".repeat(5_000),
                        "{\"command\":\"account import\",\"request\":{\"lines\":[null],"
                                + "\"firstLine\":1}}",
                        "{\"command\":\"account list\",\"request\":{\"skip\":-1}}x")) {
            assertThat(raw(bad + "\n")).as(bad).startsWith("{\"refused\":");
        }
        assertThat(raw("{\"command\":\"domain list\",\"request\":{\"skip\":0}}\n"))
                .isEqualTo("{\"done\":{\"domains\":[],\"more\":false}}\n");
    }

    @Test
    void aLineThatIsTooLongIsNotKept() throws IOException {
        String line = "x".repeat(Control.MAX_LINE_BYTES + 1);
        assertThat(raw(line + "\n")).contains("the request is too long");
    }

    @Test
    void noRandomLineMakesAFault() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ControlServer server = new ControlServer(office.rooms, sockets.buffers());
        byte[] model =
                Control.print(
                        new AddAccount(
                                Address.parse("ann@example.org"),
                                Optional.of(new Secret("secret"))));
        for (int round = 0; round < 2_000; round++) {
            byte[] line = model.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            assertThat(server.answer(line))
                    .as("seed %d round %d", seed, round)
                    .isNotInstanceOf(Control.Reply.Fault.class);
        }
    }

    @Test
    void secretsShowThemselvesOnTheSocketOnly() {
        AddAccount request =
                new AddAccount(Address.parse("a@example.org"), Optional.of(new Secret("hidden")));
        assertThat(request.toString()).doesNotContain("hidden");
        assertThat(new ImportAccounts(List.of("a:{PLAIN}hidden"), 1, Optional.empty()).toString())
                .doesNotContain("hidden");
        assertThat(new String(Control.print(request), StandardCharsets.UTF_8))
                .contains("\"hidden\"");
    }

    private Path socket() {
        return Control.socket(folder);
    }

    /** Sends bytes, ends, and gives what came back. */
    private String raw(String text) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            ByteBuffer out = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (out.hasRemaining()) channel.write(out);
            channel.shutdownOutput();
            ByteBuffer in = ByteBuffer.allocate(100_000);
            while (channel.read(in) >= 0) {
                // Until the server has nothing more to say.
            }
            return new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
        }
    }
}
