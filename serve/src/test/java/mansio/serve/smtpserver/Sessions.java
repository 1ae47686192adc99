package mansio.serve.smtpserver;

import mansio.codec.line.BufferPool;
import mansio.net.listen.ConnectionLimits;
import mansio.net.listen.ConnectionLimits.Bounds;
import mansio.state.directory.NetworkOrigin;
import mansio.testkit.time.FakeTime;

import java.io.IOException;
import java.net.InetAddress;
import java.util.SplittableRandom;

/** Serves scripted connections with fake rooms. */
final class Sessions {
    static final String EHLO = "EHLO bar.com\r\n";
    static final String MAIL = "MAIL FROM:<Smith@bar.com>\r\n";
    static final String RCPT = "RCPT TO:<Jones@foo.com>\r\n";

    final FakeRooms rooms = new FakeRooms();
    final FakeTime time = new FakeTime();
    final ConnectionLimits<NetworkOrigin> connectionLimits =
            new ConnectionLimits<>(time, new Bounds(Bounds.UNBOUNDED, 10, 30));
    private SmtpSettings settings;

    Sessions(Flavour flavour) {
        settings = SmtpSettings.of(flavour, FakeRooms.FOO);
    }

    Sessions with(SmtpSettings.Limits limits) {
        settings = settings.with(limits);
        return this;
    }

    Sessions with(SmtpSettings.Access access) {
        settings = settings.with(access);
        return this;
    }

    /** Loopback may do everything, as in {@code --local}. */
    Sessions local() {
        return with(
                new SmtpSettings.Access(
                        InetAddress::isLoopbackAddress,
                        InetAddress::isLoopbackAddress,
                        SmtpSettings.Senders.OWN));
    }

    SmtpServer server() {
        return new SmtpServer(
                settings,
                rooms.rooms(),
                connectionLimits,
                new Environment(time, new SplittableRandom(7), new BufferPool(16 * 1024, 4)));
    }

    /** Serves it to its end. */
    ScriptedConnection serve(ScriptedConnection connection) throws IOException {
        server().serve(connection);
        return connection;
    }

    /** Serves one connection that sends these packets. */
    ScriptedConnection serve(String... packets) throws IOException {
        return serve(new ScriptedConnection().sends(packets));
    }
}
