// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Sending;

/// <summary>A call that shall stand in a block abroad.</summary>
/// <param name="MessageId">The message that it carries.</param>
/// <param name="To">The contract.</param>
/// <param name="Data">The call's data.</param>
/// <param name="MayRepeat">True when it may be sent although it stood in a block before.</param>
public sealed record WantedCall(ulong MessageId, Address To, byte[] Data, bool MayRepeat = true)
{
    /// <summary>No message has so high a number: what is at or above it prepares words of nonces.</summary>
    private const ulong FirstPreparation = 1UL << 63;

    /// <summary>Words in one transaction, whose own 21,000 gas they share.</summary>
    private const ulong WordsAtOnce = 4;

    /// <summary>What it sets in the map of nonces there: once all is set, nobody need send it. Empty when
    /// that cannot be seen.</summary>
    public ImmutableArray<ConsumedBit> Sets { get; init; } = [];

    /// <summary>True for what leaves half of the places to the others: who wants to void what nobody minted
    /// must not keep others from their mints.</summary>
    public bool Yields { get; init; }

    /// <summary>What operators know it by, within a sentence.</summary>
    public string Name => MessageId < FirstPreparation ? $"message {MessageId}"
        : $"the preparation of nonces from word {MessageId - FirstPreparation} on";

    /// <summary>The same at the beginning of one.</summary>
    public string Title => $"{char.ToUpperInvariant(Name[0])}{Name[1..]}";

    /// <summary>
    /// Writes the words of nonces after those that others use, when these have come to the second half of
    /// their last: the first mint of an empty word would pay for it. Null when they have not.
    /// </summary>
    /// <param name="bridge">The contract.</param>
    /// <param name="others">The calls that this one shall come before.</param>
    public static WantedCall? Preparing(Address bridge, IEnumerable<WantedCall> others)
    {
        ConsumedBit last = others.SelectMany(static call => call.Sets).DefaultIfEmpty()
            .MaxBy(static bit => (bit.Word, bit.Place));
        if (last.Place < BridgeSlots.NoncesPerWord / 2)
        {
            return null;
        }

        ulong word = last.Word + 1;
        return new WantedCall(
            FirstPreparation + word, bridge,
            BridgeAbi.PrepareNonces.EncodeCall((UInt256)word, (UInt256)WordsAtOnce))
        {
            Sets = [BridgeSlots.PreparedBit(word)],
        };
    }
}
