package mansio.app.main;

import mansio.app.log.Logging;
import mansio.app.wiring.Administration;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.config.ByteSize;
import mansio.state.config.TimeSpan;
import mansio.state.queue.QueueId;
import mansio.state.rewrite.RewriteKind;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.TypeConversionException;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** The entry of the program. */
@Command(
        name = "mansio",
        description = "A complete mail server in one program.",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    /** Done. */
    static final int EXIT_OK = 0;

    /** The answer is no, or it failed. */
    static final int EXIT_NO = 1;

    /** Wrong usage, or a wrong configuration: the same again would end the same. */
    static final int EXIT_USAGE = 2;

    /** It cannot be told or done now; the same command may work later. */
    static final int EXIT_LATER = 75;

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code: 0 done, 1 the answer is no or it
     * failed, 2 wrong usage or configuration, 75 try again later.
     */
    public static void main(String[] args) {
        Logging.start("warn");
        System.exit(commandLine(Terminal.real()).execute(args));
    }

    static CommandLine commandLine(Terminal terminal) {
        return commandLine(terminal, ServiceUser::choose);
    }

    static CommandLine commandLine(Terminal terminal, ServiceUser.Choice users) {
        Desk desk = new Desk(terminal);
        CommandLine line =
                new CommandLine(new Main())
                        .addSubcommand(new Serve(terminal))
                        .addSubcommand(new Quickstart(desk, users))
                        .addSubcommand(new StatusCommand(desk))
                        .addSubcommand(new StopCommand(desk))
                        .addSubcommand(new VerifyCommand(desk))
                        .addSubcommand(new DomainCommands(desk))
                        .addSubcommand(new AccountCommands(desk))
                        .addSubcommand(new AliasCommands(desk))
                        .addSubcommand(new RouteCommands(desk))
                        .addSubcommand(new RewriteCommands(desk))
                        .addSubcommand(
                                new CommandLine(new DkimCommands(desk))
                                        .addSubcommand(new DkimImport(desk)))
                        .addSubcommand(
                                new CommandLine(new DnsCommands(desk))
                                        .addSubcommand(new DnsPublish(desk)))
                        .addSubcommand(new DmarcCommands(desk))
                        .addSubcommand(new SrsCommands(desk))
                        .addSubcommand(
                                new CommandLine(new QueueCommands(desk))
                                        .addSubcommand(new SuppressedCommands(desk)))
                        .addSubcommand(new Mailq(desk))
                        .addSubcommand(new TraceCommand(desk))
                        .addSubcommand(new ExplainAddressCommand(desk))
                        .addSubcommand(new ExplainCommand(desk))
                        .addSubcommand(new PreflightCommand(desk))
                        .addSubcommand(new Send(desk));
        return line.registerConverter(ByteSize.class, ByteSize::parse)
                .registerConverter(
                        RewriteKind.class,
                        converter("a kind: canonical or generic", RewriteKind::parse))
                .registerConverter(Duration.class, Main::timeSpan)
                .registerConverter(Address.class, converter("a mail address", Address::tryParse))
                .registerConverter(
                        AliasName.class, converter("an address or a pattern", AliasName::tryParse))
                .registerConverter(InetAddress.class, converter("an IP address", Main::ipAddress))
                .registerConverter(Domain.class, converter("a domain name", Domain::tryParse))
                .registerConverter(QueueId.class, converter("a queue id", QueueId::parse))
                .setOut(terminal.out())
                .setErr(terminal.err())
                // Colours are escape sequences, which the terminal's writers take away.
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Failures::handle);
    }

    /** An address and no name, so that nothing is looked up. */
    private static Optional<InetAddress> ipAddress(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Duration timeSpan(String text) {
        try {
            return TimeSpan.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is " + e.getMessage());
        }
    }

    private static <T> ITypeConverter<T> converter(
            String kind, Function<String, Optional<T>> parse) {
        return text ->
                parse.apply(text)
                        .orElseThrow(
                                () -> new TypeConversionException("'" + text + "' is not " + kind));
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"mansio " + Administration.VERSION};
        }
    }
}
