package io.mqcontroller.controller.cli.ctl.output;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Rows under heads. */
public final class Table {
    /** Stands where there is nothing to say. */
    public static final String NOTHING = "-";

    private final List<String> heads;
    private final List<List<Cell>> rows = new ArrayList<>();
    private final Set<String> shownIfUsed = new HashSet<>();

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

    /** People see this column only if some row has something in it; scripts always do, at the same place. */
    public Table showIfUsed(String head) {
        shownIfUsed.add(head);
        return this;
    }

    /** Which columns people see. */
    List<Integer> shownColumns() {
        List<Integer> shown = new ArrayList<>();
        for (int i = 0; i < heads.size(); i++) {
            int column = i;
            if (!shownIfUsed.contains(heads.get(i))
                    || rows.stream().anyMatch(row -> !row.get(column).shown().equals(NOTHING))) {
                shown.add(i);
            }
        }
        return shown;
    }

    List<String> heads() {
        return heads;
    }

    List<List<Cell>> rows() {
        return rows;
    }
}
