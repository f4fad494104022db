// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Simulation;

/// <summary>Hears from a node's log which votes its signer guard refused.</summary>
internal sealed class RefusalLog(Checker checker, SimNode node) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "VoteRefused" && state is IReadOnlyList<KeyValuePair<string, object?>> said)
        {
            var kind = Enum.Parse<VoteKind>((string)said.First(field => field.Key == "Kind").Value!);
            checker.Refused(node, kind, new View((ulong)said.First(field => field.Key == "View").Value!));
        }
    }
}
