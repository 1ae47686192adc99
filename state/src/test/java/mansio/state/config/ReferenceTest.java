package mansio.state.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is printed from the schema. */
class ReferenceTest {
    /** Tests run in the folder of their module. */
    private static final Path PAGE = Path.of("..", "docs", "config.md");

    @Test
    void thePageIsUpToDate() throws IOException {
        if (System.getProperty("mansio.write") != null) {
            Files.writeString(PAGE, Reference.page());
        }
        assertThat(Files.readString(PAGE))
                .as(
                        "write it anew: mvn -pl state -am test -Dtest=ReferenceTest -Dmansio.write"
                                + " -Dsurefire.failIfNoSpecifiedTests=false")
                .isEqualTo(Reference.page());
    }

    @Test
    void theSampleIsAFileOnceTheCertificateIsNamed() throws ConfigException {
        String sample = Reference.sample("mail.example.org");
        String named =
                sample.replace("#[[certificate]]", "[[certificate]]")
                        .replace("#chain = ...", "chain = \"chain.pem\"")
                        .replace("#key = ...", "key = \"key.pem\"");
        assertThat(ConfigFile.parse(named, "sample").certificate()).hasSize(1);
        assertThat(sample.lines()).allMatch(line -> line.length() <= 105);
    }

    @Test
    void theDefaultsOfTheSampleAreTheDefaults() throws ConfigException {
        String all =
                Reference.sample("mail.example.org")
                        .replaceAll("(?m)^#.* = \\.\\.\\.\\n", "")
                        .replaceAll("(?m)^#(?! )", "")
                        .replaceAll("(?s)\\[\\[blocklist\\]\\].*?(?=\n\\[)", "")
                        .replace(
                                "[[certificate]]\n",
                                "[[certificate]]\nchain = \"a\"\nkey = \"b\"\n");
        String least =
                "hostname = \"mail.example.org\"\n[[certificate]]\nchain = \"a\"\nkey = \"b\"\n";
        assertThat(ConfigFile.parse(all, "all")).isEqualTo(ConfigFile.parse(least, "least"));
    }
}
