// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>One node that is Byzantine for the whole run, and how.</summary>
internal sealed record ByzantineNode(int Node, Adversary Adversary)
{
    public override string ToString() => $"node {Node} is {Adversary}";
}
