// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Runtime.Tests;

/// <summary>
/// Deadlines: what is waited for happens in milliseconds; only a failing test reaches the end.
/// </summary>
internal static class Within
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static CancellationToken Deadline() => new CancellationTokenSource(Patience).Token;
}
