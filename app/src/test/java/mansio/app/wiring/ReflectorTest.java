package mansio.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.app.wiring.Town.House;
import mansio.codec.text.Address;
import mansio.state.queue.Queue;
import mansio.state.route.NewRoute;
import mansio.state.route.RemoteRoute.Retry;
import mansio.state.route.Routes.IfThere;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Somebody asks the reflector of another server, both real, over loopback. */
class ReflectorTest {
    @TempDir Path folder;
    private Town town = Optional.<Town>empty().orElse(null);
    private House asked = Optional.<House>empty().orElse(null);
    private House asking = Optional.<House>empty().orElse(null);

    @BeforeEach
    void open() throws IOException {
        town = new Town(folder);
        asked = town.house("b.example", 9);
        asking = town.house("a.example", asked.smtp);
        town.dns.zone("example.", "example. SOA ns. h. 1 1 1 1 300\n");
        town.dns.zone("arpa.", "arpa. SOA ns. h. 1 1 1 1 300\n");
        town.dns.zone("b.example.", "b.example. MX 10 mx.b.example.\nmx.b.example. A 127.0.0.1\n");
        asked.state
                .routes()
                .add(
                        new NewRoute(
                                "a.example",
                                "smtp://127.0.0.1:" + asking.smtp,
                                Optional.empty(),
                                Optional.of("none"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Retry.USUAL),
                        IfThere.REPLACE);
    }

    @AfterEach
    void close() {
        town.close();
    }

    private void spf(String record) {
        town.dns.zone(
                "a.example.",
                "a.example. SOA ns. h. 1 1 1 1 300\na.example. TXT \"" + record + "\"\n");
    }

    private static boolean signs(House house) {
        Address anybody = Address.parse("anybody@" + house.domain);
        return house.state.keys().signers(anybody).keys().size() == 2;
    }

    @Test
    void whoIsAuthenticatedIsToldWhatWasFound() throws IOException {
        spf("v=spf1 ip4:127.0.0.1 -all");
        asked.until(() -> signs(asked));
        asking.until(() -> signs(asking));
        asking.submit("how am I?", "check@b.example");
        assertThat(asking.inbox(1))
                .contains(
                        "Return-Path: <>\r\n",
                        "From: Mail check <check@b.example>\r\n",
                        "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=b.example;",
                        "To: <anna@a.example>\r\n",
                        "Auto-Submitted: auto-replied\r\n",
                        "In-Reply-To: <",
                        "  tls              TLSv1.3 ",
                        "  spf pass         127.0.0.1 may send for a.example",
                        "What large receivers would not like:")
                .contains(
                        "  no DKIM signature holds: there is no key at the selector.\r\n"
                                + "  Cure: let the server sign");
        // Nothing of it is kept, and the answer is gone.
        asked.until(() -> queued(asked) == 0);
        assertThat(asked.story("anna@a.example"))
                .anyMatch(it -> it.startsWith("judged answered"))
                .anyMatch(it -> it.startsWith("checked spf pass"));
    }

    @Test
    void answersAreCounted() throws IOException {
        spf("v=spf1 ip4:127.0.0.1 -all");
        for (int i = 1; i <= 2; i++) {
            asking.submit("again", "check@b.example");
            asking.inbox(i);
        }
        asking.submit("and again", "check@b.example");
        asking.until(() -> storyHas("451 4.7.1 This address has answered enough"));
    }

    @Test
    void whoIsNotAuthenticatedIsRefused() throws IOException {
        spf("v=spf1 ?all");
        asking.submit("how am I?", "check@b.example");
        assertThat(asking.inbox(1)).contains("550 5.7.26 This address answers only mail whose");
        assertThat(queued(asked)).isZero();
    }

    private boolean storyHas(String words) {
        try {
            return asking.story("check@b.example").stream().anyMatch(it -> it.contains(words));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int queued(House house) {
        try {
            return house.state.queue().list(Queue.FIRST, 100).size();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
