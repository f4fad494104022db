// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Abroad;

/// <summary>What <c>src/contracts/deploy.sh</c> wrote: where the contracts are, and what their code is.
/// </summary>
internal sealed record DeploymentFile
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxTokens = 1_024;
    private const int MaxText = 66;

    public required ulong ChainId { get; init; }

    public required Hash256 LedgerId { get; init; }

    public required OfficerContracts Contracts { get; init; }

    /// <summary>Of the three contracts' code, in the order bridge, validator set, governor.</summary>
    public required ImmutableArray<Hash256> CodeHashes { get; init; }

    /// <summary>Tokens by symbol.</summary>
    public required ImmutableSortedDictionary<string, Address> Tokens { get; init; }

    /// <exception cref="CliException">It is none.</exception>
    public static DeploymentFile Load(Session session, string file) =>
        Read(InputFile.Bytes(session, file, MaxBytes), file);

    /// <summary>Reads a file's content.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static DeploymentFile Read(byte[] bytes, string file) =>
        InputFile.Strict(file, bytes, MaxBytes, static root => root.Object(Read));

    /// <summary>Requires that contracts are those of the file.</summary>
    /// <exception cref="CliException">They are others.</exception>
    public void Require(ActionPlace place)
    {
        if (place.ChainId != ChainId || place.LedgerId != LedgerId || place.Contracts != Contracts)
        {
            throw new CliException(
                "WRONG_DEPLOYMENT", ExitCode.VerificationFailed,
                "The action is for other contracts than those of --deployment.",
                $"Action: chain {place.ChainId}, bridge {Eip55.Format(place.Contracts.Bridge)}. "
                    + $"Deployment: chain {ChainId}, bridge {Eip55.Format(Contracts.Bridge)}.",
                "Ask whoever built the file, by another way than it came.");
        }
    }

    private static DeploymentFile Read(StrictObject root)
    {
        foreach (string other in (string[])["deployBlock", "epoch", "setHash", "coldSetHash", "accessManager",
            "timelock", "eligibility", "denylist", "storage"])
        {
            _ = root.TryGet(other, out _);
        }

        (Address bridge, Hash256 bridgeCode) = Contract(root.Required("bridge"));
        (Address set, Hash256 setCode) = Contract(root.Required("validatorSet"));
        (Address governor, Hash256 governorCode) = Contract(root.Required("governor"));
        return new DeploymentFile
        {
            ChainId = root.Required("chainId").Number(1, Limits.ChainIdMax),
            LedgerId = Hash(root.Required("ledgerId")),
            Contracts = new OfficerContracts(bridge, set, governor),
            CodeHashes = [bridgeCode, setCode, governorCode],
            Tokens = root.Required("tokens").Object(static tokens => tokens.Keys.Count() <= MaxTokens
                ? tokens.Keys.ToImmutableSortedDictionary(
                    static symbol => symbol, symbol => Contract(tokens.Required(symbol)).Address,
                    StringComparer.Ordinal)
                : throw new StrictJsonException(tokens.Path, "many tokens", $"at most {MaxTokens}")),
        };
    }

    private static (Address Address, Hash256 Code) Contract(StrictValue value) => value.Object(static one =>
    {
        StrictValue address = one.Required("address");
        return Eip55.Parse(address.Text(MaxText), out Address read)
            is AddressText.Checksummed or AddressText.Unchecksummed
            ? (read, Hash(one.Required("codeHash")))
            : throw address.Unexpected("an address: 0x and 40 hexadecimal digits with a right checksum");
    });

    private static Hash256 Hash(StrictValue value)
    {
        string text = value.Text(MaxText);
        return text.StartsWith("0x", StringComparison.Ordinal)
            && Hash256.TryParse(text.AsSpan(2), out Hash256 hash)
            ? hash
            : throw value.Unexpected("a hash: 0x and 64 hexadecimal digits");
    }
}
