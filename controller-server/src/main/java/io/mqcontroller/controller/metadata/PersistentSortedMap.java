package io.mqcontroller.controller.metadata;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * An immutable map in key order: a changed copy shares all but a path of nodes with the original, so that a state can be kept
 * for a snapshot at no cost while the next one is built. An AVL tree (Adelson-Velsky and Landis, 1962): the heights of two
 * siblings differ by at most one.
 */
public final class PersistentSortedMap<K extends Comparable<? super K>, V> {
    private static final PersistentSortedMap<?, ?> EMPTY = new PersistentSortedMap<>(null, 0);

    private final Node<K, V> root;
    private final int size;

    private PersistentSortedMap(Node<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // holds nothing, so it is a map of any type
    public static <K extends Comparable<? super K>, V> PersistentSortedMap<K, V> empty() {
        return (PersistentSortedMap<K, V>) EMPTY;
    }

    public int size() {
        return size;
    }

    /** The value, or null. */
    public V get(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    public PersistentSortedMap<K, V> with(K key, V value) {
        Objects.requireNonNull(value, "value");
        return new PersistentSortedMap<>(insert(root, key, value), get(key) == null ? size + 1 : size);
    }

    public PersistentSortedMap<K, V> without(K key) {
        return get(key) == null ? this : new PersistentSortedMap<>(remove(root, key), size - 1);
    }

    public void forEach(BiConsumer<? super K, ? super V> action) {
        walk(root, action);
    }

    /** The values from the first key on that is not below {@code from}, in key order. */
    public Iterable<V> valuesFrom(K from) {
        return () -> new Values<>(root, from);
    }

    private static <K, V> void walk(Node<K, V> node, BiConsumer<? super K, ? super V> action) {
        if (node != null) {
            walk(node.left, action);
            action.accept(node.key, node.value);
            walk(node.right, action);
        }
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> insert(Node<K, V> node, K key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return new Node<>(key, value, node.left, node.right);
        }
        return order < 0
                ? balanced(node.key, node.value, insert(node.left, key, value), node.right)
                : balanced(node.key, node.value, node.left, insert(node.right, key, value));
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> remove(Node<K, V> node, K key) {
        int order = key.compareTo(node.key);
        if (order < 0) {
            return balanced(node.key, node.value, remove(node.left, key), node.right);
        }
        if (order > 0) {
            return balanced(node.key, node.value, node.left, remove(node.right, key));
        }
        if (node.left == null || node.right == null) {
            return node.left == null ? node.right : node.left;
        }
        Node<K, V> next = node.right;
        while (next.left != null) {
            next = next.left;
        }
        return balanced(next.key, next.value, node.left, remove(node.right, next.key));
    }

    private static <K, V> Node<K, V> balanced(K key, V value, Node<K, V> left, Node<K, V> right) {
        int lean = height(left) - height(right);
        if (lean > 1) {
            if (height(left.left) >= height(left.right)) {
                return new Node<>(left.key, left.value, left.left, new Node<>(key, value, left.right, right));
            }
            Node<K, V> middle = left.right;
            return new Node<>(
                    middle.key,
                    middle.value,
                    new Node<>(left.key, left.value, left.left, middle.left),
                    new Node<>(key, value, middle.right, right));
        }
        if (lean < -1) {
            if (height(right.right) >= height(right.left)) {
                return new Node<>(right.key, right.value, new Node<>(key, value, left, right.left), right.right);
            }
            Node<K, V> middle = right.left;
            return new Node<>(
                    middle.key,
                    middle.value,
                    new Node<>(key, value, left, middle.left),
                    new Node<>(right.key, right.value, middle.right, right.right));
        }
        return new Node<>(key, value, left, right);
    }

    private static int height(Node<?, ?> node) {
        return node == null ? 0 : node.height;
    }

    /** Height of the tree, for tests of its balance. */
    int height() {
        return height(root);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof PersistentSortedMap<?, ?> map) || map.size != size) {
            return false;
        }
        Iterator<? extends Node<?, ?>> mine = new Nodes<>(root);
        Iterator<? extends Node<?, ?>> theirs = new Nodes<>(map.root);
        while (mine.hasNext()) {
            Node<?, ?> a = mine.next();
            Node<?, ?> b = theirs.next();
            if (!a.key.equals(b.key) || !a.value.equals(b.value)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int[] hash = {0};
        forEach((key, value) -> hash[0] = 31 * hash[0] + 31 * key.hashCode() + value.hashCode());
        return hash[0];
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach((key, value) ->
                text.append(text.isEmpty() ? "" : ", ").append(key).append('=').append(value));
        return "{" + text + "}";
    }

    private static final class Node<K, V> {
        final K key;
        final V value;
        final Node<K, V> left;
        final Node<K, V> right;
        final int height;

        Node(K key, V value, Node<K, V> left, Node<K, V> right) {
            this.key = key;
            this.value = value;
            this.left = left;
            this.right = right;
            this.height = 1 + Math.max(PersistentSortedMap.height(left), PersistentSortedMap.height(right));
        }
    }

    /** In key order; the path still to be visited is chained, as deep as the tree is high. */
    private static class Nodes<K, V> implements Iterator<Node<K, V>> {
        private record Path<K, V>(Node<K, V> node, Path<K, V> above) {}

        private Path<K, V> path;

        Nodes(Node<K, V> root) {
            descend(root);
        }

        private void descend(Node<K, V> from) {
            for (Node<K, V> node = from; node != null; node = node.left) {
                push(node);
            }
        }

        final void push(Node<K, V> node) {
            path = new Path<>(node, path);
        }

        @Override
        public boolean hasNext() {
            return path != null;
        }

        @Override
        public Node<K, V> next() {
            if (path == null) {
                throw new NoSuchElementException();
            }
            Node<K, V> node = path.node();
            path = path.above();
            descend(node.right);
            return node;
        }
    }

    private static final class Values<K extends Comparable<? super K>, V> implements Iterator<V> {
        private final Nodes<K, V> nodes;

        Values(Node<K, V> root, K from) {
            nodes = new Nodes<>(null);
            Node<K, V> node = root;
            while (node != null) {
                if (from.compareTo(node.key) <= 0) {
                    nodes.push(node);
                    node = node.left;
                } else {
                    node = node.right;
                }
            }
        }

        @Override
        public boolean hasNext() {
            return nodes.hasNext();
        }

        @Override
        public V next() {
            return nodes.next().value;
        }
    }
}
