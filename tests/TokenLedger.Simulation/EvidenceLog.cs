// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace TokenLedger.Simulation;

/// <summary>
/// Reads a node's log for the proofs of equivocation that it gives: that is all it does with them.
/// </summary>
internal sealed class EvidenceLog(Action<int, byte[]> proved) : ILogger
{
    private const int Equivocation = 111;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Critical;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id != Equivocation || state is not IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            return;
        }

        object? Value(string name) => values.Single(pair => pair.Key == name).Value;
        proved((int)Value("Signer")!, Convert.FromHexString((string)Value("Proof")!));
    }
}
