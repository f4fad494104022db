// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Cli.Abroad;

/// <summary>
/// An action on its way between the machines of those who sign it: <c>{ "format", "kind", "chainId",
/// "ledgerId", "contracts", "epoch", "nonce", "eta", "arguments", "set", "members", "quorum", "digest",
/// "signatures" }</c>. What is signed is computed from the rest again, and must agree; each signature must be
/// one of a member.
/// </summary>
internal sealed record ActionDocument
{
    private const string Format = "tokenledger-bridge-action/1";

    // The longest call in hexadecimal, 31 members, and as many signatures.
    private const int MaxBytes = 128 * 1024;
    private const int MaxText = 64;

    public required OfficerAction Action { get; init; }

    public required ActionPlace Place { get; init; }

    /// <summary>All who may sign, strictly ascending.</summary>
    public required ImmutableArray<Address> Members { get; init; }

    /// <summary>65 bytes of each who did.</summary>
    public ImmutableSortedDictionary<Address, ImmutableArray<byte>> Signatures { get; init; } =
        ImmutableSortedDictionary<Address, ImmutableArray<byte>>.Empty;

    public int Quorum => LaneContracts.Quorum(Members.Length);

    public int Missing => Math.Max(0, Quorum - Signatures.Count);

    /// <summary>How many signatures there are, and how many are missing, in words.</summary>
    public string Count => Missing == 0
        ? $"enough: {Signatures.Count}, {Quorum} are needed"
        : $"{Signatures.Count} of {Quorum}; {Missing} missing";

    /// <summary>What is signed.</summary>
    public Hash256 Digest => Action.Typed(Place) is var (types, message) ? types.Digest(message) : default;

    /// <summary>The hash by which the contract knows the set.</summary>
    public Hash256 SetHash => LaneContracts.SetHash(Place.Epoch, Members);

    /// <summary>The set in words.</summary>
    public string SetName => Action.IsCold ? "cold" : "hot";

    /// <exception cref="CliException">It is none, or its parts do not agree.</exception>
    public static ActionDocument Load(Session session, string file) =>
        Read(InputFile.Bytes(session, file, MaxBytes), file);

    /// <summary>Reads a file's content, and checks that all of it agrees.</summary>
    /// <exception cref="CliException">It is none, or its parts do not agree.</exception>
    public static ActionDocument Read(byte[] bytes, string file)
    {
        try
        {
            return StrictJson.Read(bytes, MaxBytes, static root => root.Object(Read));
        }
        catch (StrictJsonException e)
        {
            throw new CliException(
                "MALFORMED", ExitCode.Usage, $"{file} is no file of tl bridge action.", e.Message,
                "tl bridge action --help");
        }
    }

    /// <summary>Reads copies that were signed apart, and puts their signatures together.</summary>
    /// <exception cref="CliException">One is none, or they are not of one action.</exception>
    public static ActionDocument Join(Session session, IReadOnlyList<string> files)
    {
        ActionDocument first = Load(session, files[0]);
        string body = JsonText.Compact(first.Body());
        foreach (string file in files.Skip(1))
        {
            ActionDocument other = Load(session, file);
            first = JsonText.Compact(other.Body()) == body
                ? first with { Signatures = first.Signatures.SetItems(other.Signatures) }
                : throw new CliException(
                    "ACTIONS_DIFFER", ExitCode.Conflict, $"{file} asks for another action than {files[0]}.",
                    $"Their digests are {other.Digest} and {first.Digest}.",
                    "Only copies of one file can be joined: tl bridge action show FILE");
        }

        return first;
    }

    /// <summary>With one more signature.</summary>
    /// <exception cref="CliException">It is of nobody who may sign, or of somebody who did.</exception>
    public ActionDocument With(ReadOnlySpan<byte> signature)
    {
        Address signer = SignerOf(Digest, signature);
        RequireMember(signer);
        if (Signatures.ContainsKey(signer))
        {
            throw AlreadySigned(signer);
        }

        return this with { Signatures = Signatures.Add(signer, [.. signature]) };
    }

    public void RequireMember(Address signer)
    {
        if (!Members.Contains(signer))
        {
            throw new CliException(
                "NOT_A_MEMBER", ExitCode.Auth,
                $"{Eip55.Format(signer)} is not of the {SetName} set, which must sign this.",
                $"Its members are {string.Join(", ", Members.Select(static one => Eip55.Format(one)))}.",
                "tl key list");
        }
    }

    public void RequireUnsigned(Address signer)
    {
        if (Signatures.ContainsKey(signer))
        {
            throw AlreadySigned(signer);
        }
    }

    /// <summary>The call that does it: exactly a quorum of signatures, by ascending member.</summary>
    /// <exception cref="CliException">They are too few.</exception>
    public (Address To, byte[] Data) Call()
    {
        if (Missing > 0)
        {
            throw new CliException(
                "NOT_ENOUGH_SIGNATURES", ExitCode.Auth,
                $"{Signatures.Count} of the {Quorum} signatures that it takes are there; nothing was sent.",
                "Not signed: " + string.Join(
                    ", ", Members.Where(one => !Signatures.ContainsKey(one)).Select(static one =>
                        Eip55.Format(one))),
                "tl bridge action sign FILE --from KEY");
        }

        return Action.Call(Place, LaneContracts.Proof(
            Members, [.. Signatures.Take(Quorum).Select(one => (Members.IndexOf(one.Key), one.Value))]));
    }

    public JsonObject ToJson()
    {
        JsonObject json = Body();
        json["signatures"] = new JsonArray([.. Signatures.Select(static one => new JsonObject
        {
            ["signer"] = one.Key.ToString(),
            ["signature"] = Convert.ToHexStringLower(one.Value.AsSpan()),
        })]);
        return json;
    }

    /// <param name="addresses">Names of keys.</param>
    /// <param name="vouched">Whether anything but the file says what it is for.</param>
    public IEnumerable<(string Label, string Value)> Lines(AddressBook addresses, bool vouched)
    {
        yield return ("action", $"{Action.Kind}: {Action.Words(addresses)}");
        yield return ("chain", Place.ChainId.ToString(CultureInfo.InvariantCulture));
        yield return ("ledger", Place.LedgerId + (vouched ? "" : " (only the file says so)"));
        yield return ("bridge", Eip55.Format(Place.Contracts.Bridge));
        yield return ("validator set", Eip55.Format(Place.Contracts.ValidatorSet));
        yield return ("governor", Eip55.Format(Place.Contracts.Governor));
        yield return ("epoch, number", $"{Place.Epoch}, {Place.Nonce}");
        yield return ("not before", Place.Eta == 0 ? "at once" : OfficerState.Time(Place.Eta));
        if (Action is ProposeAction propose)
        {
            yield return ("operation", propose.OperationId(Place).ToString());
        }

        foreach (Address member in Members)
        {
            yield return (
                Signatures.ContainsKey(member) ? "signed" : "not signed", addresses.NameAndAddress(member));
        }

        yield return ("signatures", Count);
        yield return ("digest", Digest.ToString());
    }

    /// <summary>The file with what follows from it, for programs that only look.</summary>
    public JsonObject ToShownJson()
    {
        JsonObject json = ToJson();
        json["missing"] = Missing;
        if (Action is ProposeAction propose)
        {
            json["operation"] = propose.OperationId(Place).ToString();
            json["call"] = OfficerAbi.Describe(propose.Data.AsSpan());
        }

        return json;
    }

    private JsonObject Body() => new()
    {
        ["format"] = Format,
        ["kind"] = Action.Kind,
        ["chainId"] = Place.ChainId,
        ["ledgerId"] = Place.LedgerId.ToString(),
        ["contracts"] = new JsonObject
        {
            ["bridge"] = Place.Contracts.Bridge.ToString(),
            ["validatorSet"] = Place.Contracts.ValidatorSet.ToString(),
            ["governor"] = Place.Contracts.Governor.ToString(),
        },
        ["epoch"] = Place.Epoch,
        ["nonce"] = Place.Nonce,
        ["eta"] = Place.Eta,
        ["arguments"] = Action.ToJson(),
        ["set"] = SetName,
        ["members"] = new JsonArray([.. Members.Select(static one => (JsonNode)one.ToString())]),
        ["quorum"] = Quorum,
        ["digest"] = Digest.ToString(),
    };

    private static ActionDocument Read(StrictObject root)
    {
        StrictValue format = root.Required("format");
        if (format.Text(MaxText) != Format)
        {
            throw format.Unexpected($"\"{Format}\"");
        }

        var document = new ActionDocument
        {
            Action = OfficerAction.Read(root.Required("kind"), root.Required("arguments")),
            Place = new ActionPlace(
                root.Required("chainId").Number(1, Limits.ChainIdMax), root.Required("ledgerId").Hash(),
                root.Required("contracts").Object(static one => new OfficerContracts(
                    one.Required("bridge").Address(), one.Required("validatorSet").Address(),
                    one.Required("governor").Address())),
                root.Required("epoch").Number(0, long.MaxValue),
                root.Required("nonce").Number(0, long.MaxValue),
                root.Required("eta").Number(0, long.MaxValue)),
            Members = KeySets.Ascending(root.Required("members"), static key => key.Address()),
        };
        Require(document.Action.IsCold == (document.Place.Epoch == 0), "epoch");
        Require(document.Action is CancelAction == (document.Place.Nonce == 0), "nonce");
        Require(root.Required("set").Text(MaxText) == document.SetName, "set");
        Require(root.Required("quorum").Number(0, Limits.Validators) == (ulong)document.Quorum, "quorum");
        Require(root.Required("digest").Hash() == document.Digest, "digest");
        ImmutableArray<(Address Signer, ImmutableArray<byte> Bytes)> signatures = root.Required("signatures")
            .List(Limits.Validators, one => one.Object(signature => (
                signature.Required("signer").Address(), Signature(signature.Required("signature")))));
        foreach ((Address signer, ImmutableArray<byte> bytes) in signatures)
        {
            if (SignerOf(document.Digest, bytes.AsSpan()) != signer)
            {
                throw BadSignature(
                    $"The file's signature of {Eip55.Format(signer)} is not one of this action.");
            }

            document = document.With(bytes.AsSpan());
        }

        return document;
    }

    private static ImmutableArray<byte> Signature(StrictValue value)
    {
        byte[] bytes = new byte[Limits.SignatureBytes];
        return Hex.TryParse(value.Text(2 * Limits.SignatureBytes), bytes)
            ? [.. bytes]
            : throw value.Unexpected($"{Limits.SignatureBytes} bytes in hexadecimal");
    }

    private static Address SignerOf(Hash256 digest, ReadOnlySpan<byte> signature) =>
        new Secp256k1Scheme().TryRecover(digest, signature, out Address signer)
            ? signer
            : throw BadSignature(
                $"A signature is malformed: it must be {Limits.SignatureBytes} bytes r, s, v with a low s.");

    private static CliException BadSignature(string why) =>
        RpcFailure.Refused(RejectionCodes.Name(RejectionCode.BadSignature), why);

    private static CliException AlreadySigned(Address signer) => new(
        "ALREADY_SIGNED", ExitCode.Conflict, $"{Eip55.Format(signer)} has signed this already.",
        "A second signature of one key counts for nothing; the file is as it was.",
        "tl bridge action show FILE");

    private static void Require(bool agrees, string part)
    {
        if (!agrees)
        {
            throw new CliException(
                "BODY_MISMATCH", ExitCode.VerificationFailed,
                $"The file's {part} is not what the rest of it says.",
                "Somebody changed one of them. Nothing was signed or sent.",
                "Build it again: tl bridge action --help");
        }
    }
}
