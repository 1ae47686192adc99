package mansio.net.listen;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Where a listener waits for connections. */
public sealed interface ListenAt {
    /** A TCP port; port 0 lets the system choose one. */
    record Tcp(InetSocketAddress address) implements ListenAt {
        @Override
        public String toString() {
            String host = address.getAddress().getHostAddress();
            boolean v6 = host.indexOf(':') >= 0;
            return (v6 ? "[" + host + "]" : host) + ":" + address.getPort();
        }
    }

    /**
     * A Unix-domain socket.
     *
     * @param permissions of the socket file, such as {@code rw-rw----}: who may connect
     */
    record Unix(Path path, String permissions) implements ListenAt {
        @Override
        public String toString() {
            return path.toString();
        }
    }
}
