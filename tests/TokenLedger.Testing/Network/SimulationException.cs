// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>A run in which something that must hold did not.</summary>
public sealed class SimulationException(string rule, ulong seed, int validators, ulong atMs, string what)
    : Exception($"{rule}: {what} at {atMs} ms. Replay with TOKENLEDGER_SEED={seed} (n = {validators}).")
{
    /// <summary>The rule that broke, for example "agreement".</summary>
    public string Rule { get; } = rule;
}
