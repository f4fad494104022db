// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution.Assets;

/// <summary>The register of instruments: creating one, and what changes in its life. Only its issuer
/// may.</summary>
internal static class AssetRules
{
    public static Rejection? Create(Session session, Address maker, CreateAsset operation)
    {
        AssetDefinition definition = operation.Definition;
        if (session.State.Asset(definition.Id) is not null)
        {
            return new Rejection(RejectionCode.AssetExists, $"The symbol {definition.Id} is taken.");
        }

        if (session.Read.Institution(definition.Issuer) is null)
        {
            return new Rejection(
                RejectionCode.InstitutionUnknown, $"There is no institution {definition.Issuer}.");
        }

        if (definition.Issuer != maker)
        {
            return new Rejection(
                RejectionCode.NotAuthorised,
                $"{definition.Id} is issued by {definition.Issuer}; only it may create it.");
        }

        session.State.PutAsset(new AssetState(definition, definition.Cap, Paused: false, DocumentCount: 0));
        session.Emit(new AssetCreated(definition.Id, definition.Class, definition.Cap, definition.Issuer));
        return null;
    }

    public static Rejection? Attach(Session session, Address maker, AttachDocument operation)
    {
        if (Issued(session, maker, operation.Asset, out AssetState asset) is { } rejection)
        {
            return rejection;
        }

        foreach (AssetDocument document in session.Read.Documents(operation.Asset))
        {
            if (document.Hash == operation.Document.Hash)
            {
                return new Rejection(
                    RejectionCode.DocumentExists,
                    $"{operation.Asset} has a document with the hash {document.Hash}: '{document.Title}'.");
            }
        }

        if (asset.DocumentCount >= Limits.DocumentsPerAsset)
        {
            return new Rejection(
                RejectionCode.DocumentsFull,
                $"{operation.Asset} has {asset.DocumentCount} documents, the limit.");
        }

        session.State.PutDocument(operation.Asset, asset.DocumentCount, operation.Document);
        session.State.PutAsset(asset with { DocumentCount = (ushort)(asset.DocumentCount + 1) });
        session.Emit(new DocumentAttached(operation.Asset, operation.Document.Hash));
        return null;
    }

    public static Rejection? SetCap(Session session, Address maker, SetAssetCap operation)
    {
        if (Issued(session, maker, operation.Asset, out AssetState asset) is { } rejection)
        {
            return rejection;
        }

        if (DefinitionRules.CheckCap(asset.Definition, operation.Cap) is { } overflow)
        {
            return overflow;
        }

        Amount supply = session.Read.Supply(operation.Asset);
        if (operation.Cap < supply)
        {
            return new Rejection(
                RejectionCode.CapBelowSupply,
                $"{supply} atomic units of {operation.Asset} are outstanding; a cap of {operation.Cap} is "
                + "below that.");
        }

        session.State.PutAsset(asset with { Cap = operation.Cap });
        session.Emit(new AssetCapSet(operation.Asset, operation.Cap));
        return null;
    }

    public static Rejection? Pause(Session session, Address maker, PauseAsset operation)
    {
        if (Issued(session, maker, operation.Asset, out AssetState asset) is { } rejection)
        {
            return rejection;
        }

        if (asset.Paused)
        {
            return new Rejection(RejectionCode.AssetPaused, $"{operation.Asset} is paused already.");
        }

        session.State.PutAsset(asset with { Paused = true });
        session.Emit(new AssetPaused(operation.Asset, operation.Reason));
        return null;
    }

    public static Rejection? Resume(Session session, Address maker, ResumeAsset operation)
    {
        if (Issued(session, maker, operation.Asset, out AssetState asset) is { } rejection)
        {
            return rejection;
        }

        if (!asset.Paused)
        {
            return new Rejection(RejectionCode.AssetNotPaused, $"{operation.Asset} is not paused.");
        }

        session.State.PutAsset(asset with { Paused = false });
        session.Emit(new AssetResumed(operation.Asset, operation.Reason));
        return null;
    }

    /// <summary>Finds an asset for its issuer.</summary>
    public static Rejection? Issued(Session session, Address maker, AssetId id, out AssetState asset)
    {
        AssetState? found = session.State.Asset(id);
        asset = found!;
        if (found is null)
        {
            return new Rejection(RejectionCode.AssetUnknown, $"There is no asset {id}.");
        }

        return found.Definition.Issuer == maker
            ? null
            : new Rejection(
                RejectionCode.NotAuthorised,
                $"{id} is issued by {found.Definition.Issuer}; an officer of {maker} cannot change it.");
    }
}
