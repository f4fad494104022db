// SPDX-License-Identifier: Apache-2.0

// Two clusters at once would measure each other.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
