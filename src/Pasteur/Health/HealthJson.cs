using System.Buffers;
using System.Text.Json;

namespace Pasteur.Health;

/// <summary>
/// A report as JSON, indented. Written by hand: it is the first thing that a new machine is asked for, and a serializer that is
/// made for its types costs more than the rest of that answer (docs/decisions/0008-start.md).
/// </summary>
internal static class HealthJson
{
    public static void Write(IBufferWriter<byte> output, HealthReport report)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("status", report.Status);
        json.WriteBoolean("ready", report.Ready);
        json.WriteString("version", report.Version);
        Write(json, report.Store);
        Write(json, report.Remote);
        Write(json, report.Certificate);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StoreStatus store)
    {
        json.WriteStartObject("store");
        json.WriteBoolean("writable", store.Writable);
        json.WriteString("reason", store.Reason);
        json.WriteNumber("journalBytes", store.JournalBytes);
        json.WriteNumber("packs", store.Packs);
        json.WriteNumber("objects", store.Objects);
        Write(json, "diskFreeBytes", store.DiskFreeBytes);
        json.WriteNumber("bytes", store.Bytes);
        Write(json, "maxBytes", store.MaxBytes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RemoteStatus? remote)
    {
        if (remote is null)
        {
            json.WriteNull("remote");
            return;
        }
        json.WriteStartObject("remote");
        json.WriteString("address", remote.Address);
        json.WriteBoolean("firstFetchDone", remote.FirstFetchDone);
        json.WriteNumber("backlog", remote.Backlog);
        Write(json, "oldestUnpushed", remote.OldestUnpushed);
        Write(json, "lastFetch", remote.LastFetch);
        Write(json, "lastPush", remote.LastPush);
        json.WriteString("problem", remote.Problem);
        json.WriteString("refusesEnding", remote.RefusesEnding);
        json.WriteString("refusesInbox", remote.RefusesInbox);
        json.WriteString("incident", remote.Incident);
        json.WriteString("keptAside", remote.KeptAside);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CertificateStatus? certificate)
    {
        if (certificate is null)
        {
            json.WriteNull("certificate");
            return;
        }
        json.WriteStartObject("certificate");
        json.WriteStartArray("names");
        foreach (var name in certificate.Names) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteString("issuer", certificate.Issuer);
        Write(json, "notBefore", certificate.NotBefore);
        Write(json, "notAfter", certificate.NotAfter);
        Write(json, "renewalDue", certificate.RenewalDue);
        json.WriteNumber("failuresInARow", certificate.FailuresInARow);
        json.WriteString("problem", certificate.Problem);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    private static void Write(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known) json.WriteString(name, known);
        else json.WriteNull(name);
    }
}
