// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TokenLedger.Runtime.Tests;

/// <summary>Keeps what is logged; a test may have a message fail. Thread-safe.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly ConcurrentQueue<string> _messages = new();

    public IReadOnlyCollection<string> Messages => _messages;

    /// <summary>
    /// Called with each message's id; what it throws comes out where the message is logged.
    /// </summary>
    public Action<int> OnLog { get; set; } = static _ => { };

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        _messages.Enqueue($"{eventId.Id} {formatter(state, exception)}");
        OnLog(eventId.Id);
    }
}
