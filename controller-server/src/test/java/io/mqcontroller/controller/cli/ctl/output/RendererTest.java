package io.mqcontroller.controller.cli.ctl.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class RendererTest {
    private static final Report REPORT = new Report("Sample")
            .field("leader", null)
            .field("term", 7L)
            .field("groups", List.of(Report.object("name", "a b", "alive", true, "set", List.of(1, 2)), Map.of()))
            .field("none", List.of())
            .field("word", "yes")
            .table(new Table("ID", "SIZE", "HEALTH")
                    .row("n0", Cell.bytes(1536), Cell.of("ok", Cell.Tone.GOOD))
                    .row("longer", Cell.bytes(3), ""))
            .line("and a line", Cell.Tone.BAD);

    @Test
    void jsonHasTheFieldsInTheirOrderUnderASchemaVersion() {
        assertEquals(
                """
                {
                  "schemaVersion" : 1,
                  "kind" : "Sample",
                  "leader" : null,
                  "term" : 7,
                  "groups" : [
                    {
                      "name" : "a b",
                      "alive" : true,
                      "set" : [
                        1,
                        2
                      ]
                    },
                    { }
                  ],
                  "none" : [ ],
                  "word" : "yes"
                }
                """,
                render(Format.json, true));
    }

    @Test
    void yamlHasTheSameFieldsAndQuotesWhatCouldBeSomethingElse() {
        assertEquals(
                """
                schemaVersion: 1
                kind: Sample
                leader: null
                term: 7
                groups:
                  - name: a b
                    alive: true
                    set:
                      - 1
                      - 2
                  - {}
                none: []
                word: 'yes'
                """,
                render(Format.yaml, true));
    }

    @Test
    void yamlIsReadBackAsWhatJsonSays() {
        Report report = new Report("Sample")
                .field("same", List.of(List.of(), List.of()))
                .field("text", "two\nlines: \"and\" # more")
                .field("time", "2026-11-21T23:50:11.502Z")
                .field("number", "0123")
                .field("long", "word ".repeat(50).strip())
                .field("address", new Cell("10.0.0.1:9877", "", Cell.Tone.NONE).shown())
                .field("class", Cell.Tone.GOOD);
        Map<String, Object> read = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(new Renderer(Format.yaml, false).render(report));
        assertEquals(List.of(List.of(), List.of()), read.get("same"));
        for (String text : List.of("text", "time", "number", "long", "address")) {
            assertEquals(report.fields().get(text), read.get(text));
        }
        assertEquals("GOOD", read.get("class"));
    }

    @Test
    void plainIsRowsWithTabsWithoutUnitsAndWithoutLines() {
        assertEquals("n0\t1536\tok\nlonger\t3\t\n", render(Format.plain, true));
    }

    @Test
    void aTableIsAlignedAndEndsNoLineWithSpaces() {
        assertEquals(
                """
                ID      SIZE     HEALTH
                n0      1.5 KiB  ok
                longer  3 B

                and a line
                """,
                render(Format.table, false));
    }

    @Test
    void coloursDoNotChangeTheAlignment() {
        String coloured = render(Format.table, true);
        assertTrue(coloured.contains("\u001b[32mok\u001b[0m"), coloured);
        assertTrue(coloured.contains("\u001b[31mand a line\u001b[0m"), coloured);
        assertEquals(render(Format.table, false), coloured.replaceAll("\u001b\\[[0-9]+m", ""));
    }

    @Test
    void aTabOrALineBreakInAFieldDoesNotMakeAnotherOne() {
        Report report = new Report("Sample").table(new Table("A", "B").row("x\ty", "z\nw"));
        assertEquals("x y\tz w\n", new Renderer(Format.plain, false).render(report));
    }

    @Test
    void whereThereIsNoTableScriptsGetTheLinesToo() {
        Report done = new Report("Sample").line("done: this").line("and that");
        assertEquals("done: this\nand that\n", new Renderer(Format.plain, true).render(done));
        Report nothing = new Report("Sample").table(new Table("A")).line("nothing");
        assertEquals("", new Renderer(Format.plain, false).render(nothing));
        assertEquals("nothing\n", new Renderer(Format.table, false).render(nothing));
    }

    @Test
    void numbersAreWrittenAsPeopleReadThem() {
        assertEquals("1023 B", Units.bytes(1023));
        assertEquals("12.5 MiB", Units.bytes(12_800L << 10));
        assertEquals("250 ms", Units.duration(250));
        assertEquals("3.2 s", Units.duration(3_200));
        assertEquals("4m 10s", Units.duration(250_000));
        assertEquals("3h 5m", Units.duration(11_100_000));
        assertEquals("2d 4h", Units.duration(187_200_000));
    }

    private static String render(Format format, boolean coloured) {
        return new Renderer(format, coloured).render(REPORT);
    }
}
