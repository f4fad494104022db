// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Chaos;

/// <summary>A rule that must hold under every fault does not.</summary>
internal sealed class ViolationException(string rule, string message) : Exception(message)
{
    /// <summary>Which one.</summary>
    public string Rule { get; } = rule;
}
