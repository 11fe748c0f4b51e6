package io.mqcontroller.controller.cli.ctl.output;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rows under heads. */
public final class Table {
    private final List<String> heads;
    private final List<List<Cell>> rows = new ArrayList<>();

    public Table(String... heads) {
        this.heads = List.of(heads);
    }

    /** @param values cells, or anything else, which is written as it is */
    public Table row(Object... values) {
        if (values.length != heads.size()) {
            throw new IllegalArgumentException(values.length + " values for " + heads);
        }
        rows.add(Stream.of(values).map(Cell::of).toList());
        return this;
    }

    List<String> heads() {
        return heads;
    }

    List<List<Cell>> rows() {
        return rows;
    }
}
