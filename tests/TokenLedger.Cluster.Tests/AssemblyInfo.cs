// SPDX-License-Identifier: Apache-2.0

// Networks mostly wait: those with a bridge, those without and single nodes at once fit a machine of two
// cores; more would starve each other.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 3)]
