// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Node.Configuration;
using TokenLedger.Protocol;

namespace TokenLedger.Node.Clients.Access;

/// <summary>
/// The principals of this node, from a file that is read again when it changes: a key is taken back without a
/// restart. What cannot be read changes nothing. Thread-safe.
/// </summary>
internal sealed class PrincipalBook
{
    /// <summary>How often the file is looked at, if somebody calls, and open streams are.</summary>
    public static TimeSpan LookEvery { get; } = TimeSpan.FromSeconds(2);

    private readonly string? _file;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _looking = new();
    private volatile Principals _principals;
    private Hash256 _content;
    private string? _refusal;
    private long _looked;

    /// <param name="file">The file; null for everybody.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told of changes.</param>
    /// <exception cref="NodeConfigurationException">It cannot be read, or is no such file.</exception>
    public PrincipalBook(string? file, TimeProvider time, ILogger log)
    {
        (_file, _time, _log) = (file, time, log);
        _looked = time.GetTimestamp();
        try
        {
            byte[]? bytes = file is null ? null : Bytes(file);
            _content = bytes is null ? default : ContentOf(bytes);
            _principals = bytes is null ? Principals.Everybody : Principals.Read(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StrictJsonException)
        {
            throw new NodeConfigurationException("PRINCIPALS_INVALID", $"{file}: {e.Message}");
        }
    }

    /// <summary>Who makes a call.</summary>
    /// <param name="shown">What it shows.</param>
    /// <param name="address">Where the call comes from.</param>
    /// <param name="anonymous">The quota of an address.</param>
    /// <param name="caller">Who it is; for a key that nobody has, its address with no scope.</param>
    /// <returns>False for a key that nobody has, or that has expired.</returns>
    public bool TryResolve(
        in Credentials shown, in ClientAddress address, ClientQuota anonymous, out Caller caller)
    {
        Principals principals = Current();
        var stranger = new Caller(
            address, null, principals.Anonymous, anonymous.CallsPerSecond, Limits.ApiOpenCallsPerClient);
        if (shown.IsKey)
        {
            var now = new TimestampMs((ulong)_time.GetUtcNow().ToUnixTimeMilliseconds());
            Principal? holder = shown.Key is { } key ? principals.OfKey(key, now) : null;
            caller = holder is null
                ? stranger with { Scopes = ApiScopes.None }
                : Caller.Of(holder);
            return holder is not null;
        }

        caller = shown.Certificate is { } pin && principals.OfCertificate(pin) is { } known
            ? Caller.Of(known)
            : stranger;
        return true;
    }

    private Principals Current()
    {
        if (_file is null || _time.GetElapsedTime(Interlocked.Read(ref _looked)) < LookEvery
            || !_looking.TryEnter())
        {
            return _principals;
        }

        try
        {
            Interlocked.Exchange(ref _looked, _time.GetTimestamp());

            // Its content, not its time: where the path is a link, only what is behind it changes.
            byte[] bytes = Bytes(_file);
            Hash256 content = ContentOf(bytes);
            if (content != _content)
            {
                _principals = Principals.Read(bytes);
                _content = content;
                NodeLog.PrincipalsRead(_log, _file);
            }

            _refusal = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StrictJsonException)
        {
            if (e.Message != _refusal)
            {
                _refusal = e.Message;
                NodeLog.PrincipalsRefused(_log, _file, e.Message);
            }
        }
        finally
        {
            _looking.Exit();
        }

        return _principals;
    }

    private static Hash256 ContentOf(byte[] bytes) => new(SHA256.HashData(bytes));

    /// <summary>A byte more than may be there, at most: the reader refuses that.</summary>
    private static byte[] Bytes(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[Math.Min(file.Length, Limits.ApiPrincipalsBytes + 1)];
        file.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>What a call shows of who makes it.</summary>
/// <param name="IsKey">Whether it brings a key, or what should be one: a certificate counts no more then.
/// </param>
/// <param name="Key">The key's hash; null for none, and for what is no key.</param>
/// <param name="Certificate">The hash of the certificate's public key; null for none.</param>
internal readonly record struct Credentials(bool IsKey, Hash256? Key, Hash256? Certificate)
{
    /// <param name="authorization">The metadata of that name; null for none.</param>
    /// <param name="certificate">What TLS showed; null for none.</param>
    public static Credentials Of(string? authorization, X509Certificate2? certificate) => new(
        authorization is not null,
        authorization is not null && ApiKey.Within(authorization) is { } key ? ApiKey.HashOf(key) : null,
        authorization is null && certificate is not null ? PeerTls.KeyHashOf(certificate) : null);
}

/// <summary>Who makes a call, for scopes and quotas.</summary>
/// <param name="Address">Where it comes from; the default for a principal, which has any.</param>
/// <param name="Principal">Its name; null for whoever showed nothing.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="CallsPerSecond">Cost that it may cause in a second.</param>
/// <param name="OpenCalls">Open calls of it.</param>
internal readonly record struct Caller(
    ClientAddress Address, string? Principal, ApiScopes Scopes, int CallsPerSecond, int OpenCalls)
{
    public static Caller Of(Principal principal) => new(
        default, principal.Name, principal.Scopes, principal.CallsPerSecond, principal.OpenCalls);
}
