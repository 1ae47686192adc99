package mansio.app.main;

import mansio.codec.text.SyntaxException;
import mansio.net.dns.DnsName;
import mansio.net.dns.TsigAlgorithm;
import mansio.net.dns.TsigKey;
import mansio.net.dns.TsigKeyFile;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The key that a server of the DNS knows. Its secret is never an argument. */
final class KeyChoice {
    @Option(names = "--key", paramLabel = "NAME", description = "The key's name at the server.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description =
                    "Its secret in Base64, or a file as tsig-keygen prints it; - reads it from"
                            + " standard input.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--algorithm",
            paramLabel = "NAME",
            description =
                    "hmac-sha256 (default), hmac-sha512, hmac-sha384, hmac-sha224 or hmac-sha1.")
    private Optional<String> algorithm = Optional.empty();

    boolean isMade() {
        return file.isPresent();
    }

    /** Reads it. */
    TsigKey read(Terminal terminal) throws IOException {
        if (file.isEmpty()) {
            throw new IOException("the key is missing: name its file with --secret-file");
        }
        String text = SecretFile.read(file.get(), terminal);
        try {
            return TsigKeyFile.isMeant(text) ? among(TsigKeyFile.parse(text)) : alone(text);
        } catch (SyntaxException e) {
            throw new IOException("the key cannot be read: " + e.getMessage(), e);
        }
    }

    private TsigKey alone(String secret) throws IOException {
        if (name.isEmpty()) {
            throw new IOException("there is a secret alone: name the key with --key");
        }
        return TsigKey.ofBase64(
                DnsName.parse(name.get()), wanted().orElse(TsigAlgorithm.HMAC_SHA256), secret);
    }

    private TsigKey among(List<TsigKey> keys) throws IOException {
        Optional<DnsName> wanted = name.map(DnsName::parse);
        List<TsigKey> fitting =
                keys.stream()
                        .filter(it -> wanted.isEmpty() || it.name().equals(wanted.get()))
                        .toList();
        if (fitting.isEmpty()) throw new IOException("there is no key " + name.get() + " in it");
        if (fitting.size() > 1) {
            throw new IOException("there are several keys: name one with --key");
        }
        TsigKey key = fitting.getFirst();
        if (wanted().filter(it -> it != key.algorithm()).isPresent()) {
            throw new IOException("the key in the file is one of " + key.algorithm().text());
        }
        return key;
    }

    private Optional<TsigAlgorithm> wanted() throws IOException {
        if (algorithm.isEmpty()) return Optional.empty();
        Optional<TsigAlgorithm> found = TsigAlgorithm.tryParse(algorithm.get());
        if (found.isEmpty()) {
            throw new IOException("there is no algorithm " + algorithm.get() + " here");
        }
        return found;
    }
}
