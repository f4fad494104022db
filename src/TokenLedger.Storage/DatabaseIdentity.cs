// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core;

namespace TokenLedger.Storage;

/// <summary>Whose a database is and in which format: written once, checked at every open.</summary>
internal static class DatabaseIdentity
{
    /// <summary>Requires that a database is new, or of this version and network.</summary>
    /// <returns>True when it is new: it says nothing about itself yet.</returns>
    public static bool IsNew(
        IKeyValueReader reader, Family meta, string name, uint version, in Hash256 genesisHash)
    {
        if (VersionOf(reader, meta) is not { } found)
        {
            return true;
        }

        if (found != version)
        {
            throw new StorageFault(
                StorageFaultKind.Version,
                StorageScope.Process,
                $"{name}: schema version {found} was found, this build reads {version}. Run the build that"
                    + " wrote it, or move the directory away and let the node sync again from its peers.");
        }

        bool same = reader.TryGet(meta, LedgerFormat.GenesisKey, out byte[]? genesis)
            && genesis.Length == Hash256.Size
            && new Hash256(genesis) == genesisHash;
        return same ? false : throw OtherGenesis(name);
    }

    /// <summary>The version that a database says it is of; null when it is new, 0 when it is none.</summary>
    public static uint? VersionOf(IKeyValueReader reader, Family meta) =>
        !reader.TryGet(meta, LedgerFormat.SchemaKey, out byte[]? schema) ? null
        : schema.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(schema)
        : 0;

    /// <summary>Writes the version alone.</summary>
    public static void PutVersion(IWriteBatch batch, Family meta, uint version)
    {
        Span<byte> schema = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(schema, version);
        batch.Put(meta, LedgerFormat.SchemaKey, schema);
    }

    /// <summary>Writes version and network.</summary>
    public static void Put(IWriteBatch batch, Family meta, uint version, in Hash256 genesisHash)
    {
        PutVersion(batch, meta, version);
        batch.Put(meta, LedgerFormat.GenesisKey, genesisHash.ToArray());
    }

    public static StorageFault OtherGenesis(string name) => new(
        StorageFaultKind.Genesis,
        StorageScope.Process,
        $"{name}: it belongs to another network than the configured genesis. Point the node at the right data"
            + " directory or the right genesis document; nothing was changed.");
}
