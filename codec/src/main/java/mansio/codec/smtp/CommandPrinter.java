package mansio.codec.smtp;

import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/** Writes what {@link CommandParser} reads: for our clients. */
public final class CommandPrinter {
    private CommandPrinter() {}

    /**
     * The command as one line without CRLF.
     *
     * @throws IllegalArgumentException for {@link Command.Unknown} and {@link Command.Malformed},
     *     and for texts with a line break
     */
    public static String print(Command command) {
        String line =
                switch (command) {
                    case Command.Ehlo ehlo -> "EHLO " + ehlo.client();
                    case Command.Helo helo -> "HELO " + helo.client();
                    case Command.Lhlo lhlo -> "LHLO " + lhlo.client();
                    case Command.Mail mail -> mail(mail);
                    case Command.Rcpt rcpt -> rcpt(rcpt);
                    case Command.Data _ -> "DATA";
                    case Command.Bdat bdat -> "BDAT " + bdat.size() + (bdat.last() ? " LAST" : "");
                    case Command.Rset _ -> "RSET";
                    case Command.Vrfy vrfy -> "VRFY " + vrfy.text();
                    case Command.Expn expn -> "EXPN " + expn.text();
                    case Command.Help help -> "HELP" + help.topic().map(it -> " " + it).orElse("");
                    case Command.Noop _ -> "NOOP";
                    case Command.Quit _ -> "QUIT";
                    case Command.StartTls _ -> "STARTTLS";
                    case Command.Auth auth ->
                            "AUTH " + auth.mechanism() + initial(auth.initialResponse());
                    case Command.Unknown _, Command.Malformed _ ->
                            throw new IllegalArgumentException("no command");
                };
        if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("line break in a command");
        }
        return line;
    }

    private static String initial(Optional<byte[]> response) {
        return response.map(
                        it -> it.length == 0 ? " =" : " " + Base64.getEncoder().encodeToString(it))
                .orElse("");
    }

    private static String mail(Command.Mail mail) {
        StringBuilder out = new StringBuilder("MAIL FROM:<");
        mail.reversePath().ifPresent(it -> out.append(it.toWire()));
        out.append('>');
        MailParameters parameters = mail.parameters();
        parameters.size().ifPresent(it -> out.append(" SIZE=").append(it));
        switch (parameters.body()) {
            case UNSAID -> {}
            case SEVEN_BIT -> out.append(" BODY=7BIT");
            case EIGHT_BIT_MIME -> out.append(" BODY=8BITMIME");
        }
        if (parameters.smtpUtf8()) {
            out.append(" SMTPUTF8");
        }
        parameters
                .auth()
                .ifPresent(
                        it ->
                                out.append(" AUTH=")
                                        .append(
                                                it.identity()
                                                        .map(id -> Xtext.encode(id.toWire()))
                                                        .orElse("<>")));
        parameters.dsn().ret().ifPresent(it -> out.append(" RET=").append(it));
        parameters.dsn().envid().ifPresent(it -> out.append(" ENVID=").append(Xtext.encode(it)));
        if (parameters.requireTls()) {
            out.append(" REQUIRETLS");
        }
        return out.toString();
    }

    private static String rcpt(Command.Rcpt rcpt) {
        StringBuilder out = new StringBuilder("RCPT TO:<");
        switch (rcpt.forwardPath()) {
            case ForwardPath.To to -> out.append(to.address().toWire());
            case ForwardPath.Postmaster _ -> out.append("Postmaster");
        }
        out.append('>');
        rcpt.parameters()
                .notifications()
                .ifPresent(it -> out.append(" NOTIFY=").append(notification(it)));
        rcpt.parameters()
                .originalRecipient()
                .ifPresent(
                        it ->
                                out.append(" ORCPT=")
                                        .append(it.type())
                                        .append(';')
                                        .append(Xtext.encode(it.address())));
        return out.toString();
    }

    private static String notification(Set<RcptParameters.Notify> set) {
        if (set.isEmpty()) {
            return "NEVER";
        }
        StringJoiner list = new StringJoiner(",");
        set.forEach(it -> list.add(it.name()));
        return list.toString();
    }
}
