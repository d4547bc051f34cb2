"""Creates a batch by the client that openapi-python-client made: create-batch.py FOLDER URL KEY BATCH, which is JSON."""
import json
import sys

folder, url, key, batch = sys.argv[1:]
sys.path.insert(0, folder)

from dialwright_client import AuthenticatedClient  # noqa: E402
from dialwright_client.api.batches import create_batch, get_batch  # noqa: E402
from dialwright_client.models import CreateBatch  # noqa: E402

client = AuthenticatedClient(base_url=url, token=key)
created = create_batch.sync(client=client, body=CreateBatch.from_dict(json.loads(batch)))
found = get_batch.sync(created.id, client=client)
print(json.dumps(found.to_dict()))
