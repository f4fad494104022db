// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Maintenance;

/// <summary>Work on a ledger that cannot be done. The message tells an operator why and what to do; nothing
/// that was there before is changed.</summary>
/// <param name="code">Stable, upper-case.</param>
/// <param name="message">What, why and what next.</param>
public sealed class MaintenanceException(string code, string message) : Exception(message)
{
    /// <summary>Stable, upper-case.</summary>
    public string Code { get; } = code;
}
