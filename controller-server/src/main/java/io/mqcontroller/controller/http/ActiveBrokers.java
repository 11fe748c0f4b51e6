package io.mqcontroller.controller.http;

import io.mqcontroller.controller.controller.service.ControllerService;
import io.mqcontroller.controller.controller.service.ControllerService.GroupQuery;
import io.mqcontroller.controller.controller.service.GroupDetails;
import io.mqcontroller.controller.controller.service.Reply;
import io.mqcontroller.controller.metadata.GroupKey;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * How many replicas of each group are alive. Each look gives what the look before has asked for: nobody waits for the controller
 * loop. Empty where nobody leads.
 */
public final class ActiveBrokers implements Supplier<SortedMap<GroupKey, Integer>> {
    private static final int PAGE = 500;

    private final ControllerService service;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile SortedMap<GroupKey, Integer> newest = Collections.emptySortedMap();

    public ActiveBrokers(ControllerService service) {
        this.service = service;
    }

    @Override
    public SortedMap<GroupKey, Integer> get() {
        if (asking.compareAndSet(false, true)) {
            ask(Optional.empty(), new TreeMap<>());
        }
        return newest;
    }

    private void ask(Optional<GroupKey> after, SortedMap<GroupKey, Integer> found) {
        service.groups(new GroupQuery("", "", after, PAGE)).whenComplete((reply, failure) -> {
            if (failure == null && reply instanceof Reply.Done<GroupDetails.Page> page) {
                take(page.value(), found);
            } else {
                done(Collections.emptySortedMap());
            }
        });
    }

    private void take(GroupDetails.Page page, SortedMap<GroupKey, Integer> found) {
        List<GroupDetails> groups = page.groups();
        groups.forEach(details -> found.put(details.group().key(), (int) details.replicas().stream()
                .filter(replica -> replica.report().alive())
                .count()));
        if (page.more()) {
            ask(Optional.of(groups.get(groups.size() - 1).group().key()), found);
        } else {
            done(found);
        }
    }

    private void done(SortedMap<GroupKey, Integer> found) {
        newest = found;
        asking.set(false);
    }
}
