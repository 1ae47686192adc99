package mansio.app.main;

import mansio.app.wiring.Machine;
import mansio.codec.smtp.MailParameters;
import mansio.codec.smtp.RcptParameters;
import mansio.codec.smtp.Reply;
import mansio.codec.text.Address;
import mansio.net.dial.Target;
import mansio.net.dial.TcpDialer;
import mansio.net.listen.Sockets;
import mansio.net.smtpclient.SmtpClient;
import mansio.net.tls.ClientTls;
import mansio.serve.admin.Answer;
import mansio.serve.admin.RunningServer;
import mansio.serve.admin.Status;
import mansio.state.directory.Outcome;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code mansio send}: brings one message to a server by SMTP and shows the dialogue. */
@Command(name = "send", description = "Sends a message by SMTP and shows the dialogue.")
final class Send implements Callable<Integer> {
    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    // Set by the parser, which insists on it.
    @Option(names = "--to", paramLabel = "ADDRESS", required = true, description = "To whom.")
    private @Nullable Address to;

    // Absent: the recipient.
    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            description = "From whom (default: the recipient).")
    private @Nullable Address from;

    // Absent: the running server.
    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "By which server (default: the one that runs on the data folder).")
    private @Nullable String server;

    // Absent: a small message is made.
    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "The message with its header (default: a small one is made).")
    private @Nullable Path file;

    Send(Desk desk) {
        this.desk = desk;
    }

    /**
     * How it went.
     *
     * @param queueId under which the server keeps it; only when it is a Mansio and took it
     */
    record Sent(boolean accepted, String reply, Optional<String> queueId, List<String> transcript)
            implements Answer {
        private static final String QUEUED_AS = "queued as ";

        static Sent of(Reply last, List<String> transcript) {
            String text = last.toWire().strip();
            int at = text.indexOf(QUEUED_AS);
            Optional<String> id =
                    last.isPositive() && at >= 0
                            ? Optional.of(text.substring(at + QUEUED_AS.length()))
                            : Optional.empty();
            return new Sent(last.isPositive(), text, id, transcript);
        }

        @Override
        public List<String> lines() {
            return transcript;
        }

        @Override
        public boolean satisfied() {
            return accepted;
        }
    }

    @Override
    public Integer call() throws IOException {
        Machine machine = Machine.real();
        InetSocketAddress address = server == null ? running() : address(server);
        try (Sockets sockets = Sockets.start(machine.time(), machine.threads(), machine.random());
                InputStream content = content(machine);
                SmtpClient client = dial(address, sockets, machine)) {
            Reply last = dialogue(client, content);
            int code = desk.print(options, Outcome.done(Sent.of(last, client.transcript())));
            return last.isTransient() ? Main.EXIT_LATER : code;
        }
    }

    private static SmtpClient dial(InetSocketAddress address, Sockets sockets, Machine machine)
            throws IOException {
        TcpDialer dialer =
                new TcpDialer(machine.time(), machine.threads(), sockets, new ClientTls());
        Target target =
                new Target(address, address.getAddress().getHostAddress(), Target.Trust.ANY);
        try {
            return SmtpClient.dial(dialer, target, SmtpClient.Begin.PLAIN, machine.time());
        } catch (IOException e) {
            throw new NotNow(new IOException("cannot reach the server at " + e.getMessage(), e));
        }
    }

    /** The last reply: the one to the message, or the one that ended it early. */
    private Reply dialogue(SmtpClient client, InputStream content) throws IOException {
        Address recipient = Objects.requireNonNull(to);
        Address sender = from == null ? recipient : from;
        Reply reply = client.greeting();
        if (reply.isPositive()) reply = client.ehlo("localhost");
        if (reply.isPositive()) {
            reply = client.mail(Optional.of(sender), parameters(client, recipient, sender));
        }
        if (reply.isPositive()) reply = client.rcpt(recipient, RcptParameters.NONE);
        if (reply.isPositive()) reply = client.data(content::read);
        client.quit();
        return reply;
    }

    private static MailParameters parameters(SmtpClient client, Address to, Address from) {
        boolean smtpUtf8 =
                (to.needsUtf8() || from.needsUtf8()) && client.extensions().containsKey("SMTPUTF8");
        MailParameters none = MailParameters.NONE;
        MailParameters.Body body =
                client.extensions().containsKey("8BITMIME")
                        ? MailParameters.Body.EIGHT_BIT_MIME
                        : none.body();
        return new MailParameters(none.size(), body, smtpUtf8, none.auth(), none.dsn());
    }

    private InetSocketAddress running() throws IOException {
        Outcome<Status.Report> status =
                desk.outcome(
                        options, Desk.Opening.AS_IT_IS, respondent -> respondent.ask(new Status()));
        if (status instanceof Outcome.Done<Status.Report>(Status.Report report)
                && report.server().isPresent()) {
            for (RunningServer.Door door : report.server().get().listeners()) {
                if (door.protocol().equals("smtp")) return address(door.at());
            }
            throw new IOException("the running server takes no mail by SMTP; use --server");
        }
        throw new IOException(
                "no server runs on %s; start it, or name another with --server"
                        .formatted(options.folder()));
    }

    /** A wildcard address means this host. */
    private static InetSocketAddress address(String text) throws IOException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? "25" : text.substring(colon + 1);
        try {
            InetAddress found = InetAddress.getByName(host);
            return new InetSocketAddress(
                    found.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : found,
                    Integer.parseInt(port));
        } catch (java.net.UnknownHostException e) {
            throw new IOException("there is no host " + host, e);
        } catch (IllegalArgumentException e) {
            throw new IOException("'" + text + "' is not HOST:PORT", e);
        }
    }

    private InputStream content(Machine machine) throws IOException {
        if (file != null) return Files.newInputStream(file);
        Address recipient = Objects.requireNonNull(to);
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        machine.time().now().atOffset(ZoneOffset.UTC));
        String text =
                """
                Date: %s
                From: <%s>
                To: <%s>
                Message-ID: <%016x@mansio.invalid>
                Subject: A message of mansio send

                It works: this message was sent by 'mansio send'.
                """
                        .formatted(
                                date.replace("GMT", "+0000"),
                                from == null ? recipient : from,
                                recipient,
                                machine.random().nextLong());
        return new ByteArrayInputStream(
                text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
