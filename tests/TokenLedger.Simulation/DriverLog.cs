// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Simulation;

/// <summary>Hands what a node's consensus logs to those who judge it: proofs, and votes that the guard
/// refused.</summary>
internal sealed class DriverLog(SimCluster cluster, SimNode node) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            return;
        }

        object Value(string name) => values.Single(pair => pair.Key == name).Value!;
        switch (eventId.Name)
        {
            case "Equivocation":
                cluster.Accusations.Proved(
                    node, (int)Value("Signer"), Convert.FromHexString((string)Value("Proof")));
                break;
            case "VoteRefused":
                cluster.Checker.Refused(
                    node, Enum.Parse<VoteKind>((string)Value("Kind")), new View((ulong)Value("View")));
                break;
            default:
                break;
        }
    }
}
