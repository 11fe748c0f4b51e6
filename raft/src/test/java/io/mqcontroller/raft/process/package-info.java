/**
 * Members as processes of their own, with real stores and sockets, ended at a chosen sync by {@code strace}. Tests only; needs
 * the permission to trace processes.
 */
package io.mqcontroller.raft.process;
