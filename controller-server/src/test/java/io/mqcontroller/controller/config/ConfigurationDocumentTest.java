package io.mqcontroller.controller.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of keys in the documentation is made from the code: {@code -Drewrite} writes it anew. */
class ConfigurationDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");
    private static final String BEGIN = "<!-- keys: made from the code -->\n";
    private static final String END = "<!-- end of keys -->\n";

    @Test
    void theTableOfKeysIsThatOfTheCode() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END);
        String expected = document.substring(0, begin) + table() + document.substring(end);
        if (System.getProperty("rewrite") != null) {
            Files.writeString(DOCUMENT, expected);
            return;
        }
        assertEquals(expected, document, "run this test with -Drewrite to bring docs/configuration.md up to date");
    }

    private static String table() {
        StringBuilder table = new StringBuilder(
                "| key | default | range | at run time | meaning |\n| --- | --- | --- | --- | --- |\n");
        for (Setting<?> setting : Settings.ALL) {
            String shown = setting.required()
                    ? "required"
                    : setting.defaultText().isEmpty() ? "" : code(setting.defaultText());
            table.append("| ")
                    .append(String.join(
                            " | ",
                            code(setting.name()),
                            shown,
                            setting.type().range(),
                            setting.changeable() ? "yes" : "",
                            setting.doc()))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
