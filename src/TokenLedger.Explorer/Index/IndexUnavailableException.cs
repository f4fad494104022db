// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Index;

/// <summary>
/// The index cannot be reached or written now, and may be later: a lost connection, a restart, another
/// projector. Nothing is known of a batch that was on its way; the cursor tells.
/// </summary>
/// <param name="code">Stable, upper-case.</param>
/// <param name="message">What happened and what to do; without secrets.</param>
/// <param name="cause">What was caught.</param>
internal sealed class IndexUnavailableException(string code, string message, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>Another generation is read now, as somebody wanted.</summary>
    public const string Switched = "INDEX_SWITCHED";

    public string Code { get; } = code;
}
