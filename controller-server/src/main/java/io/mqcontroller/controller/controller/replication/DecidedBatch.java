package io.mqcontroller.controller.controller.replication;

import io.mqcontroller.controller.metadata.MetadataRecord;
import java.util.List;

/**
 * The decisions of one turn: one entry of the log.
 *
 * @param decidedTerm the leadership that decided
 * @param sequence from 1 on in each term, without a gap
 */
public record DecidedBatch(long decidedTerm, long sequence, List<MetadataRecord> records) {
    public DecidedBatch {
        records = List.copyOf(records);
    }
}
