// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TokenLedger.Core;

/// <summary>
/// Checks that stay in every build. A failed one is a bug: the process reports it and stops.
/// </summary>
public static class Invariant
{
    /// <summary>Requires <paramref name="condition"/>.</summary>
    /// <exception cref="InvariantException">The condition is false.</exception>
    public static void Require(
        [DoesNotReturnIf(false)] bool condition,
        string what,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
        {
            Broken($"{what} ({expression})");
        }
    }

    /// <summary>Reports a state that cannot be.</summary>
    /// <exception cref="InvariantException">Always.</exception>
    [DoesNotReturn]
    public static void Broken(string what) => throw new InvariantException(what);
}

/// <summary>
/// A broken invariant. Nobody catches it but the host, which writes a report and ends the process.
/// </summary>
public sealed class InvariantException : Exception
{
    /// <summary>Names what does not hold.</summary>
    public InvariantException(string what)
        : base("Invariant broken: " + what)
    {
    }
}
