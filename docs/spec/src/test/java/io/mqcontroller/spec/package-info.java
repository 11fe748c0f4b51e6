/** Lets TLC check the specifications of this folder, and checks that TLC finds what is wrong with them when they are. */
package io.mqcontroller.spec;
