package mansio.app.main;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * SCRAM-SHA-256-PLUS with a client that has nothing of ours: JSSE sockets, the bindings by JDK and
 * RFC 9266, RFC 5929, the proofs by RFC 5802.
 */
@Timeout(300)
class ChannelBindingTest {
    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    @TempDir static Path place;
    private static ServerHouse house;

    @BeforeAll
    static void open() throws IOException {
        house = new ServerHouse(place.resolve("data"), 0);
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @ParameterizedTest
    @CsvSource({
        "465, TLSv1.3, tls-exporter",
        "465, TLSv1.3, tls-server-end-point",
        "465, TLSv1.2, tls-server-end-point",
        "587, TLSv1.3, tls-exporter",
        "587, TLSv1.2, tls-server-end-point",
        "993, TLSv1.3, tls-exporter",
        "993, TLSv1.3, tls-server-end-point",
        "993, TLSv1.2, tls-server-end-point",
        "143, TLSv1.3, tls-exporter"
    })
    void theRightChannelLogsInAndNoOther(int door, String protocol, String binding)
            throws Exception {
        try (Client client = new Client(door, protocol)) {
            assertThat(client.greet()).contains("SCRAM-SHA-256-PLUS");
            byte[] data = client.binding(binding);
            data[5] ^= 1;
            assertThat(client.logIn("p=" + binding, data)).startsWith(client.refused());
            assertThat(client.logIn("p=" + binding, client.binding(binding)))
                    .startsWith(client.accepted());
        }
    }

    /** Somebody between client and server has two channels: the data of one is not the other's. */
    @ParameterizedTest
    @CsvSource({"465", "993"})
    void anotherConnectionsKeysAreRefused(int door) throws Exception {
        try (Client one = new Client(door, "TLSv1.3");
                Client other = new Client(door, "TLSv1.3")) {
            one.greet();
            byte[] data = other.binding("tls-exporter");
            assertThat(data).isNotEqualTo(one.binding("tls-exporter"));
            assertThat(one.logIn("p=tls-exporter", data)).startsWith(one.refused());
        }
    }

    /** RFC 5802 section 6: who says that we did not offer it was lied to. */
    @ParameterizedTest
    @CsvSource({"465", "993"})
    void aHiddenOfferIsRefused(int door) throws Exception {
        try (Client client = new Client(door, "TLSv1.3")) {
            client.greet();
            assertThat(client.logIn("y", new byte[0])).startsWith(client.refused());
            assertThat(client.logIn("n", new byte[0])).startsWith(client.accepted());
        }
    }

    /** SMTP below port 900 and IMAP at 143 and 993, under TLS from the first word on. */
    private static final class Client implements AutoCloseable {
        private final boolean imap;
        private SSLSocket socket;
        private BufferedReader in;
        private int tags;

        Client(int door, String protocol) throws IOException, GeneralSecurityException {
            imap = door == 143 || door == 993;
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Trusting()}, null);
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), house.base + door);
            if (door == 587) {
                lines(plain);
                in.readLine();
                say(plain, "EHLO client.example");
                answer();
                say(plain, "STARTTLS");
                answer();
            } else if (door == 143) {
                lines(plain);
                in.readLine();
                say(plain, "s STARTTLS");
                in.readLine();
            }
            socket =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(
                                            plain, "localhost", plain.getPort(), /* close= */ true);
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            lines(socket);
            if (door == 465 || door == 993) in.readLine();
        }

        private void lines(Socket from) throws IOException {
            in =
                    new BufferedReader(
                            new InputStreamReader(
                                    from.getInputStream(), StandardCharsets.US_ASCII));
        }

        private static void say(Socket to, String line) throws IOException {
            to.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        /** What the server can. */
        String greet() throws IOException {
            say(socket, imap ? "c CAPABILITY" : "EHLO client.example");
            return imap ? in.readLine() + in.readLine() : answer();
        }

        private String answer() throws IOException {
            StringBuilder all = new StringBuilder();
            String line = in.readLine();
            while (line.startsWith("250-")) {
                all.append(line).append('\n');
                line = in.readLine();
            }
            return all + line;
        }

        String accepted() {
            return imap ? "a" + tags + " OK" : "235 2.7.0";
        }

        String refused() {
            return imap ? "a" + tags + " NO [AUTHENTICATIONFAILED]" : "535 5.7.8";
        }

        byte[] binding(String type) throws GeneralSecurityException, IOException {
            ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
            if (type.equals("tls-exporter")) {
                return session.exportKeyingMaterialData(
                        "EXPORTER-Channel-Binding", new byte[0], 32);
            }
            X509Certificate server = (X509Certificate) session.getPeerCertificates()[0];
            assertThat(server.getSigAlgName()).isEqualTo("SHA256withECDSA");
            return MessageDigest.getInstance("SHA-256").digest(server.getEncoded());
        }

        /**
         * RFC 5802 section 3.
         *
         * @param flag n, y or p=TYPE
         * @return the last line of the server
         */
        String logIn(String flag, byte[] channel) throws IOException, GeneralSecurityException {
            String mechanism = "SCRAM-SHA-256" + (flag.startsWith("p=") ? "-PLUS " : " ");
            String header = flag + ",,";
            String firstBare = "n=me@local.test,r=rOprNGfwEbeRWgbNEkqO";
            tags++;
            say(
                    socket,
                    (imap ? "a" + tags + " AUTHENTICATE " : "AUTH ")
                            + mechanism
                            + base64(bytes(header + firstBare)));
            String said = in.readLine();
            if (!challenges(said)) return said;
            String first = challenge(said);
            String[] parts = first.split(",", 3);
            byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
            int rounds = Integer.parseInt(parts[2].substring(2));
            byte[] salted = hi(house.password, salt, rounds);
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] stored = MessageDigest.getInstance("SHA-256").digest(clientKey);
            byte[] bound = concat(bytes(header), channel);
            String finalBare = "c=" + base64(bound) + "," + parts[0];
            String all = firstBare + "," + first + "," + finalBare;
            byte[] proof = hmac(stored, all);
            for (int i = 0; i < proof.length; i++) proof[i] ^= clientKey[i];
            say(socket, base64(bytes(finalBare + ",p=" + base64(proof))));
            said = in.readLine();
            if (!challenges(said)) return said;
            assertThat(challenge(said))
                    .isEqualTo("v=" + base64(hmac(hmac(salted, "Server Key"), all)));
            say(socket, "");
            return in.readLine();
        }

        private boolean challenges(String line) {
            return line.startsWith(imap ? "+ " : "334 ");
        }

        private String challenge(String line) {
            byte[] text = Base64.getDecoder().decode(line.substring(imap ? 2 : 4));
            return new String(text, StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static byte[] hi(String password, byte[] salt, int rounds)
            throws GeneralSecurityException {
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(password.toCharArray(), salt, rounds, 256))
                .getEncoded();
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(bytes(text));
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = java.util.Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }

    /** The certificate signs itself. */
    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
