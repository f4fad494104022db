// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>What a seed has in any case: the bias of a hunt for one mistake.</summary>
/// <param name="Faults">Kinds of fault that exist.</param>
/// <param name="Adversary">How the last node lies; null for as drawn.</param>
internal sealed record Bias(FaultKind[] Faults, Func<Adversary>? Adversary = null);
