// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Abroad;

/// <summary>
/// Sets of keys in files: a list of addresses; the signers of a lane as <c>tl bridge open</c> and
/// <c>rotate</c> read them; or the configuration with which <c>deploy.sh</c> made the contracts.
/// </summary>
internal static class KeySets
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxAddress = 42;

    private static readonly string[] OfLane =
    [
        "chainId", "bridge", "validatorSet", "remoteGenesis", "startBlock", "lockLifetimeMs", "gatherMs",
    ];

    private static readonly string[] OfPlan =
        ["rpcUrl", "ledgerId", "timelockDelaySeconds", "roles", "tokens", "holders"];

    /// <summary>A cold set, ascending.</summary>
    public static ImmutableArray<Address> Cold(Session session, string file) =>
        Read(session, file, cold: true);

    /// <summary>A hot set, ascending.</summary>
    public static ImmutableArray<Address> Hot(Session session, string file) =>
        Read(session, file, cold: false);

    /// <summary>A list of 1 to 31 keys, strictly ascending and none of them zero, as the contracts demand.
    /// </summary>
    /// <exception cref="StrictJsonException">It is none.</exception>
    public static ImmutableArray<Address> Ascending(StrictValue list, Func<StrictValue, Address> read)
    {
        ImmutableArray<Address> keys = list.List(Limits.Validators, read);
        Address last = Address.Zero;
        foreach (Address key in keys)
        {
            if (key <= last)
            {
                throw list.Unexpected("keys that are strictly ascending, and not zero");
            }

            last = key;
        }

        return keys.IsEmpty ? throw list.Unexpected("1 key at least") : keys;
    }

    private static ImmutableArray<Address> Read(Session session, string file, bool cold)
    {
        byte[] bytes = InputFile.Bytes(session, file, MaxBytes);
        bool isList = bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
        return InputFile.Strict(file, bytes, MaxBytes, root =>
        {
            ImmutableArray<Address> keys = isList ? root.List(Limits.Validators, Key) : Named(root, cold);
            ImmutableArray<Address> sorted = [.. keys.Order()];
            return sorted.IsEmpty || sorted[0].IsZero || sorted.Distinct().Count() != sorted.Length
                ? throw root.Unexpected("1 to 31 keys, all of them different, and not zero")
                : sorted;
        });
    }

    private static ImmutableArray<Address> Named(StrictValue root, bool cold) => root.Object(set =>
    {
        if (!cold && set.TryGet("signers", out StrictValue signers))
        {
            Know(set, OfLane);
            return signers.List(Limits.Validators, static signer => signer.Object(static one =>
            {
                Know(one, "institution");
                return Key(one.Required("key"));
            }));
        }

        Know(set, [cold ? "hot" : "cold", .. OfPlan]);
        return cold
            ? set.Required("cold").List(Limits.Validators, Key)
            : set.Required("hot").List(Limits.Validators, static signer => signer.Object(static one =>
            {
                Know(one, "operator");
                return Key(one.Required("address"));
            }));
    });

    /// <summary>What belongs to such a file, and is not read here.</summary>
    private static void Know(StrictObject set, params string[] names)
    {
        foreach (string name in names)
        {
            _ = set.TryGet(name, out _);
        }
    }

    private static Address Key(StrictValue value) =>
        Eip55.Parse(value.Text(MaxAddress), out Address key)
            is AddressText.Checksummed or AddressText.Unchecksummed
            ? key
            : throw value.Unexpected("an address: 0x and 40 hexadecimal digits with a right checksum");
}
