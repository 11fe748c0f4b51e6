package io.mqcontroller.controller.http.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Colours that can be told apart, by WCAG 2.1 AA: 4.5 for text, 3 for the edges of what can be pressed. */
class ColoursTest {
    private static final Pattern COLOUR = Pattern.compile("--([a-z-]+): #([0-9a-f]{6});");
    private static final List<String> TEXTS = List.of("ink", "soft", "accent", "ok", "warn", "bad");
    private static final List<String> GROUNDS = List.of("card", "page", "hover", "warn-page", "bad-page");

    @Test
    void textAndEdgesStandOutInBothThemes() throws IOException {
        String style = Files.readString(Path.of("src/main/resources/console/style.css"));
        List<Map<String, Integer>> themes = new ArrayList<>();
        for (String block : style.split("color-scheme:")) {
            Map<String, Integer> colours = new HashMap<>();
            Matcher found = COLOUR.matcher(block);
            while (found.find()) {
                colours.put(found.group(1), Integer.parseInt(found.group(2), 16));
            }
            if (!colours.isEmpty()) {
                themes.add(colours);
            }
        }
        assertEquals(3, themes.size(), "light, dark by the system, and dark by choice");
        assertEquals(themes.get(1), themes.get(2));
        for (Map<String, Integer> theme : themes) {
            for (String ground : GROUNDS) {
                TEXTS.forEach(text -> assertContrast(theme, text, ground, 4.5));
            }
            assertContrast(theme, "card", "accent", 4.5);
            assertContrast(theme, "card", "bad", 4.5);
            assertContrast(theme, "edge", "card", 3);
            assertContrast(theme, "edge", "page", 3);
        }
    }

    private static void assertContrast(Map<String, Integer> theme, String one, String other, double least) {
        double first = luminance(theme.get(one)) + 0.05;
        double second = luminance(theme.get(other)) + 0.05;
        double contrast = Math.max(first, second) / Math.min(first, second);
        assertTrue(contrast >= least, one + " on " + other + ": " + contrast);
    }

    private static double luminance(int colour) {
        return 0.2126 * linear(colour >> 16) + 0.7152 * linear(colour >> 8) + 0.0722 * linear(colour);
    }

    private static double linear(int channel) {
        double value = (channel & 0xff) / 255.0;
        return value <= 0.03928 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
