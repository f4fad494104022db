// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace TokenLedger.Evm;

/// <summary>What the codes mean with which the bridge leaves an item of a batch out, and a token refuses a
/// transfer. Stateless.</summary>
/// <remarks>Source: <c>TLCodes.sol</c>, which a test compares. Numbers never change their meaning.</remarks>
public static class RefusalCodes
{
    /// <summary>The reason of an item that was minted or voided before.</summary>
    public const byte Consumed = 1;

    /// <summary>A reason from here on is a token's restriction and this.</summary>
    public const byte Restricted = 16;

    private static readonly (string Name, string Words)[] Restrictions =
    [
        ("OK", "nothing stands against it"),
        ("PAUSED", "transfers of the token are paused"),
        ("SENDER", "the sender is frozen or denied"),
        ("RECEIVER", "the receiver is not registered, not any longer, or denied"),
        ("FROZEN", "there are not so many free units"),
        ("CAP", "the venue would hold more than its cap"),
        ("RECEIVER_FROZEN", "the receiver is frozen"),
        ("POLICY", "the token's policy did not answer"),
    ];

    private static readonly (string Name, string Words)[] Reasons =
    [
        ("OK", "nothing stands against it"),
        ("CONSUMED", "the lock was minted or voided before"),
        ("ZERO", "the lock's number, receiver or amount is zero"),
        ("ITEM_CAP", "it is more than one mint may be"),
        ("BUCKET", "it is more than the contract lets pass now; later it may do"),
        ("CEILING", "the supply would be above its ceiling"),
        ("BACKING", "more would be minted than was ever locked"),
        ("FAILED", "the token failed and did not say why"),
    ];

    /// <summary>Names of all codes, a token's with <see cref="Restricted"/> added.</summary>
    public static IEnumerable<(byte Reason, string Name)> All =>
        Reasons.Select(static (one, i) => ((byte)i, one.Name))
            .Concat(Restrictions.Select(static (one, i) => ((byte)(Restricted + i), one.Name)));

    /// <summary>Why the bridge left an item out, e.g. <c>RECEIVER</c>, and what that is.</summary>
    public static (string Name, string Words) Reason(byte reason) => reason >= Restricted
        ? Restriction((byte)(reason - Restricted))
        : Of(Reasons, reason);

    /// <summary>Why a token refuses a transfer, and what that is.</summary>
    public static (string Name, string Words) Restriction(byte code) => Of(Restrictions, code);

    private static (string Name, string Words) Of((string Name, string Words)[] known, byte code) =>
        code < known.Length
            ? known[code]
            : (string.Create(CultureInfo.InvariantCulture, $"CODE_{code}"),
                "a code that this version does not know");
}
