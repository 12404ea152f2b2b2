"""The entry of ASGI servers."""

import gc
import os
import warnings

from django.core.asgi import get_asgi_application

# Whitenoise reads static files synchronously; they are small, and a proxy or the browser keeps them.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
warnings.filterwarnings("ignore", message="No directory at")  # nothing is collected: static files are found in place
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spartito.config.settings")
application = get_asgi_application()
gc.freeze()  # what is loaded stays: the collector need not walk through it at every page
