package io.mqcontroller.it.scenario;

import io.mqcontroller.it.cluster.Browser;
import io.mqcontroller.it.cluster.Checkout;
import io.mqcontroller.it.cluster.ControllerCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** The pictures of the console in the documentation: taken with {@code -Dit.screenshots=true}, among some more groups. */
final class ConsoleScreenshots implements AutoCloseable {
    private static final int MORE_GROUPS = 24;

    private final Browser browser;
    private final List<SimulatedGroup> groups = new ArrayList<>();
    private final boolean wanted = Boolean.getBoolean("it.screenshots");

    private ConsoleScreenshots(Browser browser) {
        this.browser = browser;
    }

    static ConsoleScreenshots ifWanted(Browser browser, ControllerCluster controllers) throws IOException {
        ConsoleScreenshots screenshots = new ConsoleScreenshots(browser);
        for (int i = 0; screenshots.wanted && i < MORE_GROUPS; i++) {
            SimulatedGroup group = SimulatedGroup.healthy(controllers, 3);
            screenshots.groups.add(group);
            if (i % 5 == 2) {
                group.broker(3).die();
            }
        }
        return screenshots;
    }

    /** Of the group that is open, the list, and the list on a phone. */
    void take() {
        if (!wanted) {
            return;
        }
        Path folder = Checkout.root().resolve("docs/console");
        show(1400, 860, false, "dark");
        browser.screenshot(folder.resolve("dark.png"));
        String open = "document.getElementById('detail').hidden = ";
        browser.evaluate(open + "true");
        browser.evaluate("document.getElementById('search').value = '';"
                + " document.getElementById('search').dispatchEvent(new Event('input'))");
        show(1400, 860, false, "light");
        browser.screenshot(folder.resolve("light.png"));
        show(390, 844, true, "light");
        browser.evaluate("document.querySelector('main').scrollTop = 0");
        browser.screenshot(folder.resolve("phone.png"));
        browser.evaluate(open + "false");
    }

    /** Returns when the page has drawn itself for it. */
    private void show(int width, int height, boolean phone, String colours) {
        browser.preferColours(colours);
        browser.resize(width, height, phone);
        Awaitility.await("the page has the size")
                .atMost(Duration.ofSeconds(30))
                .until(() -> Boolean.TRUE.equals(browser.evaluate(
                        "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(innerWidth === "
                                + width + "))))")));
    }

    @Override
    public void close() {
        groups.forEach(SimulatedGroup::close);
    }
}
