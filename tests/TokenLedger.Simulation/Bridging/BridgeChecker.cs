// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Simulation;

/// <summary>Counts how often each rule was looked at, and ends the run when one does not hold.</summary>
internal sealed class BridgeChecker
{
    private readonly SortedDictionary<string, ulong> _checks = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ulong> Checks => _checks;

    /// <summary>Calls abroad that the contracts refused.</summary>
    public ulong Refusals { get; private set; }

    public void Refused() => Refusals++;

    public void Require(string rule, bool holds, object what)
    {
        _checks[rule] = _checks.GetValueOrDefault(rule) + 1;
        if (!holds)
        {
            throw new ViolationException(rule, $"{what}");
        }
    }
}
