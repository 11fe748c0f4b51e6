package io.mqcontroller.controller.cli.ctl.output;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes reports. */
public final class Renderer {
    private static final String GAP = "  ";

    private final Format format;
    private final boolean coloured;

    public Renderer(Format format, boolean coloured) {
        this.format = format;
        this.coloured = coloured;
    }

    /** Ends with a line break, unless there is nothing to say. */
    public String render(Report report) {
        return switch (format) {
            case json -> JsonText.of(report.fields());
            case yaml -> YamlText.of(report.fields());
            case table -> forPeople(report);
            case plain -> plain(report);
        };
    }

    /** Rows; of what has no table its lines, so that there is something to read. */
    private static String plain(Report report) {
        StringBuilder text = new StringBuilder();
        boolean tables = report.sections().stream().anyMatch(Table.class::isInstance);
        for (Object section : report.sections()) {
            if (section instanceof Table table) {
                for (List<Cell> row : table.rows()) {
                    text.append(row.stream()
                                    .map(cell -> cell.plain().replaceAll("[\t\n]", " "))
                                    .collect(Collectors.joining("\t")))
                            .append('\n');
                }
            } else if (!tables) {
                text.append(((Cell) section).plain()).append('\n');
            }
        }
        return text.toString();
    }

    private String forPeople(Report report) {
        StringBuilder text = new StringBuilder();
        boolean lines = report.sections().stream().anyMatch(Cell.class::isInstance);
        Object before = null;
        for (Object section : report.sections()) {
            if (lines && section instanceof Table table && table.rows().isEmpty()) {
                // The lines say it; heads without rows would leave people in doubt.
                continue;
            }
            if (before instanceof Table || before != null && section instanceof Table) {
                text.append('\n');
            }
            if (section instanceof Table table) {
                append(text, table);
            } else {
                Cell line = (Cell) section;
                text.append(paint(line, line.shown())).append('\n');
            }
            before = section;
        }
        return text.toString();
    }

    private void append(StringBuilder text, Table table) {
        List<List<Cell>> lines = new ArrayList<>();
        lines.add(table.heads().stream()
                .map(head -> Cell.of(head, Cell.Tone.STRONG))
                .toList());
        lines.addAll(table.rows());
        List<Integer> columns = table.shownColumns();
        int[] widths = new int[table.heads().size()];
        for (List<Cell> line : lines) {
            for (int i : columns) {
                widths[i] = Math.max(widths[i], line.get(i).shown().length());
            }
        }
        int last = columns.get(columns.size() - 1);
        for (List<Cell> line : lines) {
            for (int i : columns) {
                Cell cell = line.get(i);
                text.append(paint(cell, cell.shown()));
                if (i != last) {
                    text.append(" ".repeat(widths[i] - cell.shown().length())).append(GAP);
                }
            }
            while (text.charAt(text.length() - 1) == ' ') {
                text.setLength(text.length() - 1);
            }
            text.append('\n');
        }
    }

    private String paint(Cell cell, String shown) {
        return coloured ? cell.tone().paint(shown) : shown;
    }
}
