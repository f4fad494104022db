// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace TokenLedger.Evm;

/// <summary>What one provider said.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Answer">Its answer or error in words, shortened.</param>
/// <param name="IsAnswer">False for an error.</param>
public sealed record QuorumVoice(string Provider, string Answer, bool IsAnswer);

/// <summary>An answer that enough providers gave.</summary>
/// <typeparam name="T">What was read.</typeparam>
/// <param name="Value">The answer.</param>
/// <param name="Voices">
/// What was said until then, in that order. Who said something else deserves a look: see <see
/// cref="Dissent"/>.
/// </param>
public sealed record QuorumAnswer<T>(T Value, ImmutableArray<QuorumVoice> Voices)
{
    /// <summary>The voices with another answer; an error is none.</summary>
    public required ImmutableArray<QuorumVoice> Dissent { get; init; }
}

/// <summary>Providers that did not give one answer. Nothing may be done in its place.</summary>
public abstract class EvmQuorumException : Exception
{
    private protected EvmQuorumException(string message, ImmutableArray<QuorumVoice> voices)
        : base(message + string.Concat(voices.Select(static one => $" [{one.Provider}] {one.Answer}"))) =>
        Voices = voices;

    /// <summary>Who said what.</summary>
    public ImmutableArray<QuorumVoice> Voices { get; }
}

/// <summary>Too few providers answered, and those that did agree. Asking again later may help.</summary>
public sealed class EvmUnavailableException : EvmQuorumException
{
    internal EvmUnavailableException(string message, ImmutableArray<QuorumVoice> voices)
        : base(message, voices)
    {
    }
}

/// <summary>Providers gave different answers, and not enough of them the same.</summary>
public sealed class EvmDisagreementException : EvmQuorumException
{
    internal EvmDisagreementException(string message, ImmutableArray<QuorumVoice> voices)
        : base(message, voices)
    {
    }
}
