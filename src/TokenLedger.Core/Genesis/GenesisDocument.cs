// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Core.Genesis;

/// <summary>Everything that a network begins with. Its hash is the network's identity.</summary>
/// <param name="NetworkName">Name for people, at most <see cref="Limits.NameBytes"/>.</param>
/// <param name="ChainId">EIP-712 chain id of signatures.</param>
/// <param name="Time">The genesis block's time.</param>
/// <param name="Consensus">Parameters that all validators share.</param>
/// <param name="Validators">The first validator set, by index.</param>
/// <param name="Institutions">Institutions and their officers.</param>
/// <param name="Accounts">Accounts in the register from the start.</param>
/// <param name="Assets">Instruments from the start; nothing of them is issued.</param>
/// <param name="Policies">Approval policies, one for each kind of privileged operation that shall be
/// possible.</param>
public sealed record GenesisDocument(
    string NetworkName,
    ulong ChainId,
    TimestampMs Time,
    ConsensusParameters Consensus,
    ImmutableArray<Validator> Validators,
    ImmutableArray<GenesisInstitution> Institutions,
    ImmutableArray<GenesisAccount> Accounts,
    ImmutableArray<GenesisAsset> Assets,
    ImmutableArray<ApprovalPolicy> Policies)
{
    /// <summary>The format's version.</summary>
    public const ushort Version = 1;

    /// <summary>
    /// The tagged hash of the canonical form. JSON spacing and order of keys do not matter to it.
    /// </summary>
    public Hash256 Hash
    {
        get
        {
            var writer = new CanonicalWriter(16 * 1024);
            Write(writer);
            return Hashing.Hash(DomainTag.Genesis, writer.Written);
        }
    }

    /// <summary>
    /// True for a network that is there to be tried out: its name has the word Demo or Sandbox. The genesis
    /// hash covers the name, so no network can become one by a node's configuration.
    /// </summary>
    public bool IsSandbox => IsSandboxName(NetworkName);

    /// <summary>The first validator set.</summary>
    public ValidatorSet ValidatorSet => new(new Epoch(0), Validators);

    /// <summary>True for the name of a network that is there to be tried out.</summary>
    public static bool IsSandboxName(string networkName) =>
        networkName.Split(' ').Any(static word => word is "Demo" or "Sandbox");

    /// <summary>Writes the canonical form.</summary>
    public void Write(CanonicalWriter writer)
    {
        writer.U16(Version);
        writer.Text(NetworkName);
        writer.U64(ChainId);
        writer.U64(Time.Value);
        writer.U32(Consensus.DeltaMs);
        writer.U32(Consensus.HeartbeatMs);
        writer.List(Validators, ValidatorSet.WriteValidator);
        writer.List(Institutions, static (w, institution) =>
        {
            w.Address(institution.Id);
            w.U8((byte)institution.Kind);
            w.Text(institution.Name);
            w.Text(institution.NameUrdu);
            w.List(institution.Officers, static (w, officer) =>
            {
                w.Address(officer.Address);
                w.U8((byte)officer.Duties);
                w.Text(officer.Name);
            });
        });
        writer.List(Accounts, static (w, account) =>
        {
            w.Address(account.Address);
            w.U8((byte)account.Kind);
            w.Address(account.Institution);
        });
        writer.List(Assets, static (w, asset) =>
        {
            AssetCodec.Write(w, asset.Definition);
            w.List(asset.Documents, AssetCodec.WriteDocument);
        });
        writer.List(Policies, StateCodec.WritePolicy);
    }

    /// <summary>
    /// Reads the canonical form. Shape and limits are checked; sense is for Execution's validator.
    /// </summary>
    /// <exception cref="CanonicalFormatException">The bytes are not a genesis document of this
    /// version.</exception>
    public static GenesisDocument Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new CanonicalReader(bytes);
        ushort version = reader.U16();
        if (version != Version)
        {
            throw new CanonicalFormatException(
                $"Genesis version {version} is unknown; this build reads {Version}.");
        }

        var document = new GenesisDocument(
            reader.Text(Limits.NameBytes),
            reader.U64(),
            new TimestampMs(reader.U64()),
            new ConsensusParameters(reader.U32(), reader.U32()),
            reader.List(Limits.Validators, ValidatorSet.ReadValidator),
            reader.List(Limits.GenesisInstitutions, ReadInstitution),
            reader.List(Limits.GenesisAccounts, static (ref CanonicalReader r) =>
                new GenesisAccount(r.Address(), r.Enum8<AccountKind>(), r.Address())),
            reader.List(Limits.GenesisAssets, static (ref CanonicalReader r) => new GenesisAsset(
                AssetCodec.Read(ref r), r.List(Limits.DocumentsPerAsset, AssetCodec.ReadDocument))),
            reader.List(byte.MaxValue, StateCodec.ReadPolicy));
        reader.End();
        return document;
    }

    private static GenesisInstitution ReadInstitution(ref CanonicalReader reader) => new(
        reader.Address(),
        reader.Enum8<InstitutionKind>(),
        reader.Text(Limits.NameBytes),
        reader.Text(Limits.NameBytes),
        reader.List(Limits.OfficersPerInstitution, static (ref CanonicalReader r) => new GenesisOfficer(
            r.Address(), PrivilegedCodec.ReadDuties(ref r), r.Text(Limits.NameBytes))));
}

/// <summary>Parameters that all validators of a network share.</summary>
/// <param name="DeltaMs">Δ: the network delay, in ms, within which honest validators are expected to hear
/// each other. 20 to 60,000.</param>
/// <param name="HeartbeatMs">How long an idle leader waits before it proposes an empty block, ms. 100 to
/// 60,000.</param>
public sealed record ConsensusParameters(uint DeltaMs, uint HeartbeatMs);

/// <summary>An institution from the start.</summary>
/// <param name="Id">Its identity: an address that nobody needs a key of.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Name in English.</param>
/// <param name="NameUrdu">Name in Urdu.</param>
/// <param name="Officers">Its officers.</param>
public sealed record GenesisInstitution(
    Address Id, InstitutionKind Kind, string Name, string NameUrdu, ImmutableArray<GenesisOfficer> Officers);

/// <summary>An officer from the start.</summary>
public sealed record GenesisOfficer(Address Address, Duties Duties, string Name);

/// <summary>An account from the start.</summary>
public sealed record GenesisAccount(Address Address, AccountKind Kind, Address Institution);

/// <summary>An instrument from the start.</summary>
public sealed record GenesisAsset(AssetDefinition Definition, ImmutableArray<AssetDocument> Documents);
