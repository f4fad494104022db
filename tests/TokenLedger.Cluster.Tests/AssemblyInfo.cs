// SPDX-License-Identifier: Apache-2.0

// Two networks at once, which mostly wait, fit a machine of two cores; more would starve each other.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 2)]
