package mansio.net.dns;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Where the walk through the DNS begins. */
public final class RootServers {
    private RootServers() {}

    /** Those of the world's root, by IPv4 and IPv6. */
    public static List<InetSocketAddress> ofTheWorld() {
        List<InetSocketAddress> servers = new ArrayList<>();
        try (InputStream in =
                Objects.requireNonNull(RootServers.class.getResourceAsStream("root-servers.txt"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.split(" ")).skip(1))
                    .map(InetAddress::ofLiteral)
                    .map(address -> new InetSocketAddress(address, Upstreams.PORT))
                    .forEach(servers::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(servers);
    }
}
